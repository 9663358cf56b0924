"""Every page of the site: path, view, right, and its line in the menu, in the guidance's order and words."""

from django.utils.translation import gettext_noop as _

from s2s.rules.roles import Can
from s2s.web import demo, download, errors, everybody, health, home, sign_in, upload
from s2s.web.page import BOTH, POST, Open, Row

UPLOAD, DOWNLOAD = _("Upload"), _("Download")

# fmt: off
ROWS = (
    Row("", home.front, Open.EVERYBODY, "front"),
    Row("healthz", health.health, Open.EVERYBODY, "health"),
    Row("sign-in", sign_in.sign_in, Open.EVERYBODY, "sign-in", BOTH),
    Row("language", everybody.language, Open.EVERYBODY, "language", POST),
    Row("help", everybody.help_page, Open.EVERYBODY, "help"),
    Row("accessibility", everybody.accessibility, Open.EVERYBODY, "accessibility"),
    Row("finished", sign_in.finished, Open.EVERYBODY, "finished"),
    Row("new-password", sign_in.new_password, Open.BEFORE_PASSWORD, "new-password", BOTH),
    Row("demo/mail", demo.mail, Open.EVERYBODY, "demo-mail"),

    Row("home", home.home, Can.SIGN_IN, "home", menu=(_("Home"),)),
    Row("upload", upload.section, Can.SIGN_IN, "upload", menu=(UPLOAD,), heading=True),
    Row("upload/ctf", upload.upload_ctf, Can.SEND_CTF, "upload-ctf", BOTH, (UPLOAD, _("Upload CTF File")),
        _("Send Common Transfer Files to schools, local authorities or the Lost Pupil Database.")),
    Row("upload/ctf/result/<str:batch>", upload.result, Can.SEND_CTF, "upload-result"),
    Row("upload/sent", upload.sent, Can.SEND_CTF, "sent", menu=(UPLOAD, _("Sent CTF Files")),
        hint=_("What you have sent, and what became of it.")),
    Row("file/<str:receipt>", upload.story, Can.SIGN_IN, "file"),
    Row("download", download.section, Can.SIGN_IN, "download", menu=(DOWNLOAD,), heading=True),
    Row("download/ctf", download.waiting, Can.FETCH_CTF, "download-ctf", menu=(DOWNLOAD, _("Download CTF Files")),
        hint=_("Files that are waiting for you.")),
    Row("download/ctf/chosen", download.chosen, Can.FETCH_CTF, "chosen"),
    Row("download/ctf/fetch", download.fetch, Can.FETCH_CTF, "fetch", POST),
    Row("download/ctf/answer", download.answer, Can.FETCH_CTF, "answer", POST),
    Row("download/ctf/<uuid:key>/reject", download.reject_file, Can.REJECT_CTF, "reject", BOTH),
    Row("download/previous", download.previous, Can.FETCH_CTF, "previous", menu=(DOWNLOAD, _("Previously Downloaded CTF Files")),
        hint=_("Files you have downloaded before; download them again when you need them.")),
    Row("contacts", everybody.contacts, Can.SIGN_IN, "contacts", menu=(_("Contacts"),)),
    Row("change-password", sign_in.change_password, Can.SIGN_IN, "change-password", BOTH, (_("Change Password"),)),
    Row("log-off", sign_in.log_off, Open.BEFORE_PASSWORD, "log-off", BOTH, (_("Logoff"),)),
)
# fmt: on

urlpatterns = [row.pattern() for row in ROWS]

__all__ = ["ROWS", "errors", "urlpatterns"]
