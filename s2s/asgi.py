"""The site as the web server runs it: `s2s/wsgi.py` behind the bridge, which takes in bodies."""

from s2s.machine.bodies import Bodies
from s2s.machine.bridge import Bridge
from s2s.machine.room import Room
from s2s.machine.web_server import beat


def door() -> Bridge:
    from s2s.wsgi import application as site  # sets Django up, so it comes first

    from django.conf import settings  # isort: skip
    from s2s.web.bodies import limits  # isort: skip

    room = Room(settings.DATA / "room", settings.UPLOAD_MEMORY * 1_048_576)
    return Bridge(site, threads=settings.WEB_THREADS, bodies=Bodies(limits(), room), beat=beat)


application = door()
