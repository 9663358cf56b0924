"""Every page of the site: path, view, right, and its line in the menu, in the guidance's order and words."""

from django.utils.translation import gettext_noop as _

from s2s.rules.roles import Can
from s2s.web import errors, everybody, health, home
from s2s.web.accounts import dfe_sign_in, forgotten, own_account, second_step, sessions, sign_in
from s2s.web.administration import leas, national, schools, users, users_seen, yearly_audit
from s2s.web.demo import issuer, mail
from s2s.web.organisations import find_school
from s2s.web.page import BOTH, POST, Open, Row
from s2s.web.transfers import download, upload

UPLOAD, DOWNLOAD, DBA = _("Upload"), _("Download"), _("DBA")

# fmt: off
ROWS = (
    Row("", home.front, Open.EVERYBODY, "front"),
    Row("livez", health.live, Open.EVERYBODY, "live"),
    Row("healthz", health.health, Open.EVERYBODY, "health"),
    Row("sign-in", sign_in.sign_in, Open.EVERYBODY, "sign-in", BOTH),
    Row("language", everybody.language, Open.EVERYBODY, "language", POST),
    Row("help", everybody.help_page, Open.EVERYBODY, "help"),
    Row("accessibility", everybody.accessibility, Open.EVERYBODY, "accessibility"),
    Row("finished", sign_in.finished, Open.EVERYBODY, "finished"),
    Row("sign-in/second-step", second_step.second_step, Open.EVERYBODY, "second-step", BOTH),
    Row("sign-in/dfe", dfe_sign_in.start, Open.EVERYBODY, "dfe-sign-in", POST),
    Row("sign-in/dfe/back", dfe_sign_in.back, Open.EVERYBODY, "dfe-sign-in-back"),
    Row("forgotten-password", forgotten.forgotten_password, Open.EVERYBODY, "forgotten-password", BOTH),
    Row("link/<uuid:key>/<str:secret>", forgotten.link, Open.EVERYBODY, "link", BOTH),
    Row("session/extend", sessions.extend, Open.BEFORE_PASSWORD, "session-extend", POST),
    Row("new-password", sign_in.new_password, Open.BEFORE_PASSWORD, "new-password", BOTH),
    Row("demo/mail", mail.mail, Open.EVERYBODY, "demo-mail"),
    Row("demo/issuer/.well-known/openid-configuration", issuer.description, Open.EVERYBODY, "demo-issuer"),
    Row("demo/issuer/keys", issuer.keys, Open.EVERYBODY, "demo-issuer-keys"),
    Row("demo/issuer/who", issuer.who, Open.EVERYBODY, "demo-issuer-who", BOTH),
    Row("demo/issuer/token", issuer.token, Open.EVERYBODY, "demo-issuer-token", POST),
    Row("demo/issuer/end", issuer.end, Open.EVERYBODY, "demo-issuer-end"),

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

    Row("dba", users.section, Can.MAINTAIN_LEA, "dba", menu=(DBA,), heading=True),
    Row("users", users.index, Can.MAINTAIN_USERS, "users", menu=(DBA, _("User Maintenance")),
        hint=_("Add, delete, and update LEA users.")),
    Row("users/add", users.add, Can.MAINTAIN_USERS, "user-add", BOTH),
    Row("users/update", users.choose_to_update, Can.MAINTAIN_USERS, "users-update"),
    Row("users/update/<str:username>", users.update, Can.MAINTAIN_USERS, "user-update", BOTH),
    Row("users/switch/<str:username>", users.switch, Can.SET_UP_DBA, "user-switch", POST),
    Row("users/delete", users.choose_to_delete, Can.MAINTAIN_USERS, "users-delete"),
    Row("users/delete/<str:username>", users.delete, Can.MAINTAIN_USERS, "user-delete", BOTH),
    Row("users/password", users.choose_for_password, Can.MAINTAIN_USERS, "users-password"),
    Row("users/password/<str:username>", users.password, Can.MAINTAIN_USERS, "user-password", BOTH),
    Row("users/second-step/<str:username>", users.remove_second_step, Can.MAINTAIN_USERS, "user-second-step", POST),
    Row("users/audit", yearly_audit.audit, Can.MAINTAIN_USERS, "users-audit"),
    Row("users/audit/start", yearly_audit.start, Can.AUDIT_USERS, "users-audit-start", BOTH),
    Row("users/audit/confirm", yearly_audit.confirm, Can.MAINTAIN_USERS, "users-audit-confirm", POST),
    Row("users/audit/report", yearly_audit.report, Can.MAINTAIN_USERS, "users-audit-report"),
    Row("users/audit/report/file", yearly_audit.report_file, Can.MAINTAIN_USERS, "users-audit-file"),
    Row("leas", leas.every, Can.MAINTAIN_LEAS, "leas", menu=(_("LEA Maintenance"),)),
    Row("leas/<str:number>", leas.one, Can.MAINTAIN_LEAS, "lea-edit", BOTH),
    Row("schools", schools.maintenance, Can.MAINTAIN_SCHOOLS, "schools", menu=(DBA, _("School Maintenance")),
        hint=_("Add, delete, and update details for schools within your LA.")),
    Row("schools/add", schools.add, Can.MAINTAIN_SCHOOLS, "school-add", BOTH),
    Row("schools/delete", schools.choose_to_delete, Can.MAINTAIN_SCHOOLS, "school-choose-to-delete"),
    Row("schools/<str:number>/update", schools.update, Can.MAINTAIN_SCHOOLS, "school-update", BOTH),
    Row("schools/<str:number>/close", schools.close, Can.MAINTAIN_SCHOOLS, "school-close", BOTH),
    Row("schools/<str:number>/delete", schools.delete, Can.MAINTAIN_SCHOOLS, "school-delete", BOTH),
    Row("schools/view", schools.choose, Can.VIEW_SCHOOLS, "school-choose", menu=(_("Schools"),), menu_unless=Can.MAINTAIN_SCHOOLS),
    Row("schools/view/<str:number>", schools.school, Can.VIEW_SCHOOLS, "school"),
    Row("lea", leas.own, Can.MAINTAIN_LEA, "lea", BOTH, (DBA, _("Maintain LEA Details")),
        _("Allows updating of details held for your LEA.")),
    Row("special-schools", schools.special_schools, Can.MAINTAIN_SPECIAL_SCHOOLS, "special-schools",
        menu=(_("Non-Maintained Special Schools"),)),
    Row("special-schools/add", schools.add_special, Can.MAINTAIN_SPECIAL_SCHOOLS, "special-school-add", BOTH),
    Row("categories", national.categories, Can.MAINTAIN_CATEGORIES, "categories", BOTH, (_("Category Maintenance"),)),
    Row("categories/<int:key>", national.category, Can.MAINTAIN_CATEGORIES, "category", BOTH),
    Row("import", national.import_list, Can.IMPORT_SCHOOLS, "import-list", BOTH, (_("Import Lists of Schools"),)),
    Row("notices", national.notices, Can.SITE_NOTICES, "site-notices", BOTH, (_("Notices on Home"),)),
    Row("notices/<int:key>/withdraw", national.withdraw, Can.SITE_NOTICES, "site-notice-withdraw", POST),
    Row("view/users", users_seen.users, Can.VIEW_USERS, "users-seen", menu=(_("Users"),), menu_unless=Can.MAINTAIN_USERS),
    Row("view/users/<str:username>", users_seen.one_user, Can.VIEW_USERS, "user-seen"),

    Row("contacts", everybody.contacts, Can.SIGN_IN, "contacts", menu=(_("Contacts"),)),
    Row("find-school", find_school.find, Can.SIGN_IN, "find-school", menu=(_("Find a school"),)),
    Row("change-password", sign_in.change_password, Can.SIGN_IN, "change-password", BOTH, (_("Change Password"),)),
    Row("security", own_account.security, Open.BEFORE_SECOND_FACTOR, "security"),
    Row("security/app", own_account.app, Open.BEFORE_SECOND_FACTOR, "authenticator-app", BOTH),
    Row("security/passkey", own_account.passkey, Open.BEFORE_SECOND_FACTOR, "passkey", BOTH),
    Row("security/codes", own_account.recovery_codes, Can.SIGN_IN, "recovery-codes", BOTH),
    Row("security/remove", own_account.remove, Can.SIGN_IN, "remove-factor", BOTH),
    Row("security/sessions", own_account.end_sessions, Can.SIGN_IN, "end-sessions", POST),
    Row("security/connection", dfe_sign_in.connection, Can.SIGN_IN, "connection", BOTH),
    Row("log-off", sign_in.log_off, Open.BEFORE_PASSWORD, "log-off", BOTH, (_("Logoff"),)),
)
# fmt: on

urlpatterns = [row.pattern() for row in ROWS]

__all__ = ["ROWS", "errors", "urlpatterns"]
