"""Every page of the site: path, view, right, and its line in the menu, in the guidance's order and words."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop as _

from s2s.rules.kinds import Kind
from s2s.rules.roles import Can, Use, right_to
from s2s.transfers.queries import Followed
from s2s.transfers.upload import READERS
from s2s.web import errors, everybody, guides, health, home
from s2s.web.accounts import dfe_sign_in, forgotten, link_needed, own_account, second_step, sessions, sign_in
from s2s.web.administration import attention, corrections, leas, national, schools, users, users_seen, yearly_audit
from s2s.web.demo import issuer, mail
from s2s.web.organisations import find_school
from s2s.web.page import BOTH, NOWHERE, POST, Open, Page
from s2s.web.security import MAX_REQUEST
from s2s.web.transfers import browse, check, download, upload
from s2s.words.kinds import KIND_WORDS

FOLLOWED: Mapping[Followed, str] = {
    Followed.UNCOLLECTED: _("Files you sent that have not been collected yet"),
    Followed.LATE: _("Files you sent that have not been collected for more than four weeks"),
    Followed.REJECTED: _("Files you sent that were rejected in the last 30 days"),
}
UPLOAD, DOWNLOAD, DBA = _("Upload"), _("Download"), _("DBA")


def _sending(kind: Kind) -> list[Page]:
    """The pages on which files of a kind are sent, and followed."""
    right, words = right_to(Use.SEND, kind), KIND_WORDS[kind]
    if right is None:
        return []
    of = {"kind": kind}
    return [
        Page(f"upload/{kind}", upload.upload, right, f"upload-{kind}", BOTH, (UPLOAD, words.upload), words.upload_hint,
            title=words.upload_title, parent="upload", of=of, takes=MAX_REQUEST),
        Page(f"upload/{kind}/check/<uuid:batch>", check.look, right, f"check-{kind}", BOTH, title=_("Check before you send"),
            parent=f"upload-{kind}", of=of),
        Page(f"upload/{kind}/sent", browse.sent, right, f"sent-{kind}", BOTH, menu=(UPLOAD, words.sent),
            hint=_("What you have sent, and what happened to it."), parent="upload", of=of),
        *[Page(f"upload/{kind}/sent/{part}", browse.followed, right, f"sent-{kind}-{part}", BOTH, title=title, parent=f"sent-{kind}",
            of=of | {"part": part}) for part, title in FOLLOWED.items()],
    ]  # fmt: skip


def _collecting(kind: Kind) -> list[Page]:
    """The pages on which files of a kind are collected, and those of them that can be rejected are."""
    right, rejects, words = right_to(Use.FETCH, kind), right_to(Use.REJECT, kind), KIND_WORDS[kind]
    if right is None:
        return []
    base, above, of = f"download/{kind}", f"download-{kind}", {"kind": kind}
    pages = [
        Page(base, browse.waiting, right, above, BOTH, menu=(DOWNLOAD, words.download), hint=_("Files that are waiting for you."),
            title=words.ready, parent="download", of=of),
        Page(f"{base}/chosen", download.chosen, right, f"chosen-{kind}", title=_("File Download"), parent=above, of=of),
        Page(f"{base}/fetch", download.fetch, right, f"fetch-{kind}", POST, of=of),
        Page(f"{base}/answer", download.answer, right, f"answer-{kind}", POST, of=of),
        Page(f"{base}/unconfirmed", browse.unconfirmed, right, f"unconfirmed-{kind}", BOTH,
            title=_("Files to confirm"), parent=above, of=of),
        Page(f"{base}/late", browse.late, right, f"late-{kind}", BOTH,
            title=_("Files that have been waiting for more than four weeks"), parent=above, of=of),
        Page(f"{base}/previous", browse.previous, right, f"previous-{kind}", BOTH, menu=(DOWNLOAD, words.previous),
            hint=_("Files you have downloaded before. You can download them again when you need them."), parent="download", of=of),
    ]  # fmt: skip
    if rejects is not None:
        pages.append(Page(f"{base}/<uuid:key>/reject", download.reject_file, rejects, f"reject-{kind}", BOTH,
            title=_("Reject a file"), parent=above, of=of))  # fmt: skip
    return pages


# fmt: off
PAGES = (
    Page("", home.front, Open.EVERYBODY, "front"),
    Page("livez", health.live, Open.EVERYBODY, "live"),
    Page("healthz", health.health, Open.EVERYBODY, "health"),
    Page("sign-in", sign_in.sign_in_page, Open.EVERYBODY, "sign-in", BOTH, title=_("Login"), parent=NOWHERE),
    Page("language", everybody.language, Open.EVERYBODY, "language", POST),
    Page("accessibility", everybody.accessibility, Open.EVERYBODY, "accessibility", title=_("Accessibility statement"), parent=NOWHERE),
    Page("privacy", everybody.privacy, Open.EVERYBODY, "privacy", title=_("Privacy and cookies"), parent=NOWHERE),
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
    Page("demo/mail", mail.mail, Open.EVERYBODY, "demo-mail", title=_("Emails of the demonstration"), parent=NOWHERE),
    Page("demo/issuer/.well-known/openid-configuration", issuer.description, Open.EVERYBODY, "demo-issuer"),
    Page("demo/issuer/keys", issuer.keys, Open.EVERYBODY, "demo-issuer-keys"),
    Page("demo/issuer/who", issuer.who, Open.EVERYBODY, "demo-issuer-who", BOTH),
    Page("demo/issuer/token", issuer.token, Open.EVERYBODY, "demo-issuer-token", POST),
    Page("demo/issuer/end", issuer.end, Open.EVERYBODY, "demo-issuer-end"),

    Page("home", home.home, Can.SIGN_IN, "home", menu=(_("Home"),), parent=NOWHERE),
    Page("upload", upload.section, Can.SIGN_IN, "upload", menu=(UPLOAD,), heading=True),
    *[page for kind in READERS for page in _sending(kind)],
    Page("upload/result/<uuid:batch>", upload.result, Can.SIGN_IN, "upload-result", title=_("Result of the upload"), parent="upload"),
    Page("file/<str:receipt>", upload.story, Can.SIGN_IN, "file", title=_("File")),
    Page("download", browse.section, Can.SIGN_IN, "download", menu=(DOWNLOAD,), heading=True),
    *[page for kind in READERS for page in _collecting(kind)],

    Page("dba", users.section, Can.MAINTAIN_LEA, "dba", menu=(DBA,), heading=True),
    Page("users", users.index, Can.MAINTAIN_USERS, "users", menu=(DBA, _("User Maintenance")),
        hint=_("Add, delete, and update LEA users."), parent="dba", keeps=("at",)),
    Page("users/add", users.add, Can.MAINTAIN_USERS, "user-add", BOTH, title=_("Add User"), parent="users"),
    Page("users/<str:username>/update", users.update, Can.MAINTAIN_USERS, "user-update", BOTH,
        title=_("Update/View User"), parent="users-seen"),
    Page("users/<str:username>/correct", corrections.correct, Can.MAINTAIN_USERS, "user-correct", BOTH,
        title=_("Correct the name or the email address"), parent="users-seen"),
    Page("link/correction/<uuid:key>/<str:secret>", corrections.confirm, Open.EVERYBODY, "correction", BOTH,
        title=_("Are these your details?"), parent=NOWHERE),
    Page("users/<str:username>/switch", users.switch, Can.SET_UP_DBA, "user-switch", POST),
    Page("users/<str:username>/delete", users.delete, Can.MAINTAIN_USERS, "user-delete", BOTH,
        title=_("Delete User"), parent="users-seen"),
    Page("users/<str:username>/password", users.password, Can.MAINTAIN_USERS, "user-password", BOTH,
        title=_("Change Password"), parent="users-seen"),
    Page("users/<str:username>/second-step", users.remove_second_step, Can.MAINTAIN_USERS, "user-second-step", POST),
    Page("users/audit", yearly_audit.audit, Can.MAINTAIN_USERS, "users-audit", menu=(_("Yearly audit of users"),),
        keeps=("at",)),
    Page("users/audit/start", yearly_audit.start, Can.AUDIT_USERS, "users-audit-start", BOTH,
        title=_("Start the yearly audit of users"), parent="users-audit"),
    Page("users/audit/extend", yearly_audit.extend, Can.AUDIT_USERS, "users-audit-extend", BOTH, title=_("Give more time"),
        parent="users-audit"),
    Page("users/audit/cancel", yearly_audit.cancel, Can.AUDIT_USERS, "users-audit-cancel", BOTH, title=_("Cancel the audit"),
        parent="users-audit"),
    Page("users/audit/close", yearly_audit.close, Can.AUDIT_USERS, "users-audit-close", BOTH, title=_("Close the audit"),
        parent="users-audit"),
    Page("users/audit/confirm", yearly_audit.confirm, Can.MAINTAIN_USERS, "users-audit-confirm", POST),
    Page("users/audit/report", yearly_audit.report, Can.MAINTAIN_USERS, "users-audit-report",
        title=_("Yearly audit of users: report"), parent="users-audit"),
    Page("users/audit/report/file", yearly_audit.report_file, Can.MAINTAIN_USERS, "users-audit-file"),
    Page("leas", leas.every, Can.MAINTAIN_LEAS, "leas", menu=(_("LEA Maintenance"),)),
    Page("leas/<str:number>/update", leas.one, Can.MAINTAIN_LEAS, "lea-edit", BOTH, title=_("LEA Maintenance"), parent="leas"),
    Page("schools", schools.maintenance, Can.MAINTAIN_SCHOOLS, "schools", menu=(DBA, _("School Maintenance")),
        hint=_("Add, delete, and update details for schools within your LA."), parent="dba"),
    Page("schools/add", schools.add, Can.MAINTAIN_SCHOOLS, "school-add", BOTH, title=_("Add School"), parent="schools"),
    Page("schools/attention", attention.schools, Can.MAINTAIN_SCHOOLS, "attention", title=_("Schools to look after"), parent="schools"),
    Page("schools/set-up", attention.set_up, Can.MAINTAIN_SCHOOLS, "set-up-users", POST, title=_("Setting up users"), parent="attention"),
    Page("schools/set-up/<uuid:key>", attention.progress, Can.MAINTAIN_SCHOOLS, "set-up", title=_("Setting up users"), parent="attention"),
    Page("schools/delete", schools.choose_to_delete, Can.MAINTAIN_SCHOOLS, "school-choose-to-delete",
        title=_("Delete School"), parent="schools"),
    Page("schools/<str:number>/update", schools.update, Can.MAINTAIN_SCHOOLS, "school-update", BOTH,
        title=_("View/Update School"), parent="schools"),
    Page("schools/<str:number>/close", schools.close, Can.MAINTAIN_SCHOOLS, "school-close", BOTH,
        title=_("Close or merge this school"), parent="school"),
    Page("schools/<str:number>/delete", schools.delete, Can.MAINTAIN_SCHOOLS, "school-delete", BOTH,
        title=_("Delete School"), parent="schools"),
    Page("schools/find", schools.choose, Can.VIEW_SCHOOLS, "school-choose", menu=(_("Schools"),), menu_unless=Can.MAINTAIN_SCHOOLS,
        parent="schools"),
    Page("schools/<str:number>/view", schools.school, Can.VIEW_SCHOOLS, "school", title=_("School"), parent="school-choose"),
    Page("lea", leas.own, Can.MAINTAIN_LEA, "lea", BOTH, (DBA, _("Maintain LEA Details")),
        _("Allows updating of details held for your LEA."), parent="dba"),
    Page("special-schools", schools.special_schools, Can.MAINTAIN_SPECIAL_SCHOOLS, "special-schools",
        menu=(_("Non-Maintained Special Schools"),)),
    Page("special-schools/add", schools.add_special, Can.MAINTAIN_SPECIAL_SCHOOLS, "special-school-add", BOTH,
        title=_("Add School"), parent="special-schools"),
    Page("categories", national.categories, Can.MAINTAIN_CATEGORIES, "categories", BOTH, (_("Category Maintenance"),)),
    Page("categories/<int:key>/update", national.category, Can.MAINTAIN_CATEGORIES, "category", BOTH,
        title=_("Category"), parent="categories"),
    Page("import", national.import_list, Can.IMPORT_SCHOOLS, "import-list", BOTH, (_("Import Lists of Schools"),), takes=MAX_REQUEST),
    Page("import/<uuid:key>", national.import_look, Can.IMPORT_SCHOOLS, "import-look", BOTH,
        title=_("What would change"), parent="import-list"),
    Page("notices", national.notices, Can.SITE_NOTICES, "site-notices", BOTH, (_("Notices on Home"),)),
    Page("notices/<int:key>/withdraw", national.withdraw, Can.SITE_NOTICES, "site-notice-withdraw", POST),
    Page("users/list", users_seen.users, Can.VIEW_USERS, "users-seen", menu=(_("Users"),), menu_unless=Can.MAINTAIN_USERS,
        parent="users", keeps=("at",)),
    Page("users/<str:username>/view", users_seen.one_user, Can.VIEW_USERS, "user-seen", title=_("User"), parent="users-seen"),

    Page("contacts", everybody.contacts, Can.SIGN_IN, "contacts", menu=(_("Contacts"),)),
    Page("find-school", find_school.find, Can.SIGN_IN, "find-school", menu=(_("Find a school"),)),
    Page("help", everybody.help_page, Open.EVERYBODY, "help", menu=(_("Help"),)),
    Page("help/<str:guide>", guides.guide_page, Can.SIGN_IN, "guide", title=_("Guide"), parent="help"),
    Page("change-password", sign_in.change_password, Can.SIGN_IN, "change-password", BOTH, (_("Change Password"),)),
    Page("security", own_account.security, Open.BEFORE_SECOND_FACTOR, "security", menu=(_("Sign-in and security"),)),
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
    Page("security/link", link_needed.link_needed, Can.SIGN_IN, "link-needed", BOTH, title=_("You cannot open files yet")),
    Page("log-off", sign_in.log_off, Open.BEFORE_PASSWORD, "log-off", BOTH, (_("Logoff"),)),
)
# fmt: on

urlpatterns = [page.pattern() for page in PAGES]

__all__ = ["PAGES", "errors", "urlpatterns"]
