"""Every page of the site: path, view, right, and its line in the menu, in the guidance's order and words."""

from django.utils.translation import gettext_noop as _

from s2s.rules.roles import Can
from s2s.web import errors, everybody, health, home
from s2s.web.accounts import dfe_sign_in, forgotten, link_needed, own_account, second_step, sessions, sign_in
from s2s.web.administration import leas, national, schools, users, users_seen, yearly_audit
from s2s.web.demo import issuer, mail
from s2s.web.organisations import find_school
from s2s.web.page import BOTH, NOWHERE, POST, Open, Page
from s2s.web.security import MAX_REQUEST
from s2s.web.transfers import download, upload

UPLOAD, DOWNLOAD, DBA = _("Upload"), _("Download"), _("DBA")

# fmt: off
PAGES = (
    Page("", home.front, Open.EVERYBODY, "front"),
    Page("livez", health.live, Open.EVERYBODY, "live"),
    Page("healthz", health.health, Open.EVERYBODY, "health"),
    Page("sign-in", sign_in.sign_in, Open.EVERYBODY, "sign-in", BOTH, title=_("Login"), parent=NOWHERE),
    Page("language", everybody.language, Open.EVERYBODY, "language", POST),
    Page("help", everybody.help_page, Open.EVERYBODY, "help", title=_("Help")),
    Page("accessibility", everybody.accessibility, Open.EVERYBODY, "accessibility", title=_("Accessibility")),
    Page("finished", sign_in.finished, Open.EVERYBODY, "finished", title=_("You have logged off"), parent=NOWHERE),
    Page("sign-in/second-step", second_step.second_step, Open.EVERYBODY, "second-step", BOTH, title=_("Second step"), parent=NOWHERE),
    Page("sign-in/dfe", dfe_sign_in.start, Open.EVERYBODY, "dfe-sign-in", POST),
    Page("sign-in/dfe/back", dfe_sign_in.back, Open.EVERYBODY, "dfe-sign-in-back", title=_("You are not signed in"), parent=NOWHERE),
    Page("forgotten-password", forgotten.forgotten_password, Open.EVERYBODY, "forgotten-password", BOTH,
        title=_("Forgotten password"), parent="sign-in"),
    Page("link/<uuid:key>/<str:secret>", forgotten.link, Open.EVERYBODY, "link", BOTH, title=_("Choose a new password"), parent=NOWHERE),
    Page("session/extend", sessions.extend, Open.BEFORE_PASSWORD, "session-extend", POST),
    Page("new-password", sign_in.new_password, Open.BEFORE_PASSWORD, "new-password", BOTH,
        title=_("Choose a new password"), parent=NOWHERE),
    Page("demo/mail", mail.mail, Open.EVERYBODY, "demo-mail", title=_("E-mails of the demonstration"), parent=NOWHERE),
    Page("demo/issuer/.well-known/openid-configuration", issuer.description, Open.EVERYBODY, "demo-issuer"),
    Page("demo/issuer/keys", issuer.keys, Open.EVERYBODY, "demo-issuer-keys"),
    Page("demo/issuer/who", issuer.who, Open.EVERYBODY, "demo-issuer-who", BOTH),
    Page("demo/issuer/token", issuer.token, Open.EVERYBODY, "demo-issuer-token", POST),
    Page("demo/issuer/end", issuer.end, Open.EVERYBODY, "demo-issuer-end"),

    Page("home", home.home, Can.SIGN_IN, "home", menu=(_("Home"),), parent=NOWHERE),
    Page("upload", upload.section, Can.SIGN_IN, "upload", menu=(UPLOAD,), heading=True),
    Page("upload/ctf", upload.upload_ctf, Can.SEND_CTF, "upload-ctf", BOTH, (UPLOAD, _("Upload CTF File")),
        _("Send Common Transfer Files to schools, local authorities or the Lost Pupil Database."), parent="upload", takes=MAX_REQUEST),
    Page("upload/ctf/result/<str:batch>", upload.result, Can.SEND_CTF, "upload-result",
        title=_("Result of the upload"), parent="upload-ctf"),
    Page("upload/sent", upload.sent, Can.SEND_CTF, "sent", menu=(UPLOAD, _("Sent CTF Files")),
        hint=_("What you have sent, and what became of it."), parent="upload"),
    Page("file/<str:receipt>", upload.story, Can.SIGN_IN, "file", title=_("File")),
    Page("download", download.section, Can.SIGN_IN, "download", menu=(DOWNLOAD,), heading=True),
    Page("download/ctf", download.waiting, Can.FETCH_CTF, "download-ctf", menu=(DOWNLOAD, _("Download CTF Files")),
        hint=_("Files that are waiting for you."), parent="download"),
    Page("download/ctf/chosen", download.chosen, Can.FETCH_CTF, "chosen", title=_("File Download"), parent="download-ctf"),
    Page("download/ctf/fetch", download.fetch, Can.FETCH_CTF, "fetch", POST),
    Page("download/ctf/answer", download.answer, Can.FETCH_CTF, "answer", POST),
    Page("download/ctf/<uuid:key>/reject", download.reject_file, Can.REJECT_CTF, "reject", BOTH,
        title=_("Reject a file"), parent="download-ctf"),
    Page("download/previous", download.previous, Can.FETCH_CTF, "previous", menu=(DOWNLOAD, _("Previously Downloaded CTF Files")),
        hint=_("Files you have downloaded before; download them again when you need them."), parent="download"),

    Page("dba", users.section, Can.MAINTAIN_LEA, "dba", menu=(DBA,), heading=True),
    Page("users", users.index, Can.MAINTAIN_USERS, "users", menu=(DBA, _("User Maintenance")),
        hint=_("Add, delete, and update LEA users."), parent="dba"),
    Page("users/add", users.add, Can.MAINTAIN_USERS, "user-add", BOTH, title=_("Add User"), parent="users"),
    Page("users/update", users.choose_to_update, Can.MAINTAIN_USERS, "users-update", title=_("Update/View User"), parent="users"),
    Page("users/update/<str:username>", users.update, Can.MAINTAIN_USERS, "user-update", BOTH,
        title=_("Update/View User"), parent="users-update"),
    Page("users/switch/<str:username>", users.switch, Can.SET_UP_DBA, "user-switch", POST),
    Page("users/delete", users.choose_to_delete, Can.MAINTAIN_USERS, "users-delete", title=_("Delete User"), parent="users"),
    Page("users/delete/<str:username>", users.delete, Can.MAINTAIN_USERS, "user-delete", BOTH,
        title=_("Delete User"), parent="users-delete"),
    Page("users/password", users.choose_for_password, Can.MAINTAIN_USERS, "users-password", title=_("Change Password"), parent="users"),
    Page("users/password/<str:username>", users.password, Can.MAINTAIN_USERS, "user-password", BOTH,
        title=_("Change Password"), parent="users-password"),
    Page("users/second-step/<str:username>", users.remove_second_step, Can.MAINTAIN_USERS, "user-second-step", POST),
    Page("users/audit", yearly_audit.audit, Can.MAINTAIN_USERS, "users-audit", title=_("Yearly audit of users"), parent="users"),
    Page("users/audit/start", yearly_audit.start, Can.AUDIT_USERS, "users-audit-start", BOTH,
        title=_("Start the yearly audit of users"), parent="users-audit"),
    Page("users/audit/confirm", yearly_audit.confirm, Can.MAINTAIN_USERS, "users-audit-confirm", POST),
    Page("users/audit/report", yearly_audit.report, Can.MAINTAIN_USERS, "users-audit-report",
        title=_("Yearly audit of users: report"), parent="users-audit"),
    Page("users/audit/report/file", yearly_audit.report_file, Can.MAINTAIN_USERS, "users-audit-file"),
    Page("leas", leas.every, Can.MAINTAIN_LEAS, "leas", menu=(_("LEA Maintenance"),)),
    Page("leas/<str:number>", leas.one, Can.MAINTAIN_LEAS, "lea-edit", BOTH),
    Page("schools", schools.maintenance, Can.MAINTAIN_SCHOOLS, "schools", menu=(DBA, _("School Maintenance")),
        hint=_("Add, delete, and update details for schools within your LA."), parent="dba"),
    Page("schools/add", schools.add, Can.MAINTAIN_SCHOOLS, "school-add", BOTH, title=_("Add School"), parent="schools"),
    Page("schools/delete", schools.choose_to_delete, Can.MAINTAIN_SCHOOLS, "school-choose-to-delete",
        title=_("Delete School"), parent="schools"),
    Page("schools/<str:number>/update", schools.update, Can.MAINTAIN_SCHOOLS, "school-update", BOTH,
        title=_("View/Update School"), parent="schools"),
    Page("schools/<str:number>/close", schools.close, Can.MAINTAIN_SCHOOLS, "school-close", BOTH,
        title=_("Close or merge this school"), parent="school"),
    Page("schools/<str:number>/delete", schools.delete, Can.MAINTAIN_SCHOOLS, "school-delete", BOTH,
        title=_("Delete School"), parent="schools"),
    Page("schools/view", schools.choose, Can.VIEW_SCHOOLS, "school-choose", menu=(_("Schools"),), menu_unless=Can.MAINTAIN_SCHOOLS),
    Page("schools/view/<str:number>", schools.school, Can.VIEW_SCHOOLS, "school", title=_("School"), parent="school-choose"),
    Page("lea", leas.own, Can.MAINTAIN_LEA, "lea", BOTH, (DBA, _("Maintain LEA Details")),
        _("Allows updating of details held for your LEA."), parent="dba"),
    Page("special-schools", schools.special_schools, Can.MAINTAIN_SPECIAL_SCHOOLS, "special-schools",
        menu=(_("Non-Maintained Special Schools"),)),
    Page("special-schools/add", schools.add_special, Can.MAINTAIN_SPECIAL_SCHOOLS, "special-school-add", BOTH,
        title=_("Add School"), parent="special-schools"),
    Page("categories", national.categories, Can.MAINTAIN_CATEGORIES, "categories", BOTH, (_("Category Maintenance"),)),
    Page("categories/<int:key>", national.category, Can.MAINTAIN_CATEGORIES, "category", BOTH, title=_("Category"), parent="categories"),
    Page("import", national.import_list, Can.IMPORT_SCHOOLS, "import-list", BOTH, (_("Import Lists of Schools"),), takes=MAX_REQUEST),
    Page("notices", national.notices, Can.SITE_NOTICES, "site-notices", BOTH, (_("Notices on Home"),)),
    Page("notices/<int:key>/withdraw", national.withdraw, Can.SITE_NOTICES, "site-notice-withdraw", POST),
    Page("view/users", users_seen.users, Can.VIEW_USERS, "users-seen", menu=(_("Users"),), menu_unless=Can.MAINTAIN_USERS),
    Page("view/users/<str:username>", users_seen.one_user, Can.VIEW_USERS, "user-seen", title=_("User"), parent="users-seen"),

    Page("contacts", everybody.contacts, Can.SIGN_IN, "contacts", menu=(_("Contacts"),)),
    Page("find-school", find_school.find, Can.SIGN_IN, "find-school", menu=(_("Find a school"),)),
    Page("change-password", sign_in.change_password, Can.SIGN_IN, "change-password", BOTH, (_("Change Password"),)),
    Page("security", own_account.security, Open.BEFORE_SECOND_FACTOR, "security", title=_("Sign-in and security")),
    Page("security/app", own_account.app, Open.BEFORE_SECOND_FACTOR, "authenticator-app", BOTH,
        title=_("Set up an authenticator app"), parent="security"),
    Page("security/passkey", own_account.passkey, Open.BEFORE_SECOND_FACTOR, "passkey", BOTH, title=_("Add a passkey"), parent="security"),
    Page("security/codes", own_account.recovery_codes, Can.SIGN_IN, "recovery-codes", BOTH,
        title=_("Make new recovery codes"), parent="security"),
    Page("security/remove", own_account.remove, Can.SIGN_IN, "remove-factor", BOTH,
        title=_("Remove an app or a passkey"), parent="security"),
    Page("security/sessions", own_account.end_sessions, Can.SIGN_IN, "end-sessions", POST),
    Page("security/connection", dfe_sign_in.connection, Can.SIGN_IN, "connection", BOTH,
        title=_("Another way to sign in"), parent="security"),
    Page("security/link", link_needed.link_needed, Can.SIGN_IN, "link-needed", BOTH, title=_("Files are not open to you yet")),
    Page("log-off", sign_in.log_off, Open.BEFORE_PASSWORD, "log-off", BOTH, (_("Logoff"),)),
)
# fmt: on

urlpatterns = [page.pattern() for page in PAGES]

__all__ = ["PAGES", "errors", "urlpatterns"]
