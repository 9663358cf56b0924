"""The web application, for granian or any other WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2s.settings")
application = get_wsgi_application()

from s2s.upkeep.watch import watch  # noqa: E402 - only once Django is set up

watch.start()
