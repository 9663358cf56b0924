"""Row 9 of the failure classes: a script in what people send, type or are called is text, on every page and in both languages.

Every text that the site keeps of somebody holds a script; then everybody opens every page.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings as of_the_site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from s2s.accounts import links
from s2s.accounts.models import User
from s2s.administration import corrections, kept_lists, set_up_many
from s2s.administration.models import Correction, KeptList, SetUp, SiteNotice, UserAudit
from s2s.notices.models import Email
from s2s.organisations.models import Category, Organisation
from s2s.transfers.models import CheckedUpload, Delivery, Transfer
from s2s.web.guides import GUIDES
from s2s.web.urls import PAGES
from tests.cast import PASSWORD, Cast
from tests.journeys.doors import fetch, say
from tests.organisations.test_import_schools import MAINTAINED, written
from tests.organisations.test_import_schools import welsh as welsh_school
from tests.samples import ctf, name_for, pupil

pytestmark = pytest.mark.django_db


def script(what: str) -> str:
    """Ends the attribute and the element it stands in, and begins others."""
    return f"\"'><script>planted('{what}')</script><x-{what} onclick=planted()>"


def short(what: str) -> str:
    """Where there is no room for more."""
    return f"<x-{what}>"


# What is kept, and where: (rows, column, text).
PLANTED = (
    (Organisation.objects.filter(kind="school"), "name", script("school")),
    (Organisation.objects.filter(kind="school"), "name_cy", script("ysgol")),
    (Organisation.objects.filter(kind="school"), "email", script("schools-email")),
    (Organisation.objects.filter(kind="school"), "telephone", short("schools-telephone")),
    (Organisation.objects.filter(kind="school"), "street", script("street")),
    (Organisation.objects.filter(kind="school"), "town", script("town")),
    (Organisation.objects.filter(kind="school"), "postcode", short("code")),
    (Organisation.objects.exclude(number="6812045").filter(kind="school"), "school_type", script("school_type")),
    (Organisation.objects.exclude(kind="school"), "name", script("authority")),
    (Organisation.objects.exclude(kind="school"), "name_cy", script("awdurdod")),
    (Organisation.objects.exclude(kind="school"), "email", script("authoritys-email")),
    (Organisation.objects.exclude(kind="school"), "telephone", short("authoritys-telephone")),
    (Organisation.objects.exclude(kind="school"), "opening_times", script("opening-times")),
    (User.objects.all(), "name", script("person")),
    (User.objects.all(), "email", script("persons-email")),
    (Category.objects.all(), "name", script("category")),
    (Category.objects.all(), "name_cy", script("categori")),
    (SiteNotice.objects.all(), "text", script("notice")),
    (SiteNotice.objects.all(), "text_cy", script("hysbysiad")),
    (Transfer.objects.all(), "name", script("file")),
    (Delivery.objects.all(), "name", script("file")),
    (Delivery.objects.all(), "source_name", script("source")),
    (Delivery.objects.all(), "source_name_cy", script("ffynhonnell")),
    (Delivery.objects.exclude(destination_name=""), "destination_name", script("destination")),
    (Delivery.objects.exclude(destination_name=""), "destination_name_cy", script("cyrchfan")),
    (Delivery.objects.filter(state="rejected"), "note", script("note")),
    (UserAudit.objects.all(), "started_by", short("started-by")),
    (Correction.objects.all(), "name", script("corrected-name")),
    (Correction.objects.all(), "email", script("corrected-email")),
    (KeptList.objects.all(), "name", script("list-of-schools")),
)
LISTED = short("listed")  # the name of a school in a list that was looked at
PUPIL, VALUE, NAME = "\"'><script>pupil()</script>", "\"'><script>value()</script>", "<x-name onclick=planted()>.xml"
OF_UPLOADS = {PUPIL, VALUE, NAME}  # what the result of an upload says again
SHOWN = {text for _, _, text in PLANTED} | OF_UPLOADS | {LISTED}

# What shows nothing of anybody or is no page: ways to another page, a file, what programs ask.
NO_PAGES = {"front", "live", "health", "dfe-sign-in-back", "users-audit-file", "demo-issuer", "demo-issuer-keys", "demo-issuer-end"}


class Reader(HTMLParser):
    """What a browser makes of a page: what it would run, and what it would show."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.runs: list[str] = []
        self.shows = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        here = dict(attrs)
        if tag.startswith("x-") or (tag == "script" and "src" not in here):
            self.runs.append(self.get_starttag_text() or tag)
        for name, value in attrs:
            if name.startswith("on") or (
                name in {"href", "src", "action", "formaction"} and (value or "").strip().startswith("javascript:")
            ):
                self.runs.append(f"{tag} {name}={value}")
            self.shows += f" {value}"

    def handle_data(self, data: str) -> None:
        self.shows += data


def read(page: bytes, where: object) -> str:
    """What the page shows. Fails when it would run something of what was planted."""
    reader = Reader(page.decode().replace("<wbr>", ""))
    assert reader.runs == [], where
    return reader.shows


@pytest.fixture
def everywhere(cast: Cast, settings: object) -> dict[str, Client]:
    """Somebody of each role who has signed in; what they have sent, written and begun; and then a script in all of it."""
    settings.DEMO, settings.OIDC_ISSUER = True, "http://127.0.0.1/demo/issuer"  # type: ignore[attr-defined]
    settings.DEMO_ISSUER = settings.OIDC_ISSUER  # type: ignore[attr-defined]
    roles = {"SCHOOL": "6812061", "LEA_DBA": "681", "LEA_DBA_VIEW": "681", "NATIONAL": "WG", "LEA_USER": "681"}
    people = {role: cast.person(role, at) for role, at in roles.items()}
    cast.authority("679")
    cast.school("6812045", school_type="primary")
    clients = {role: cast.client(person) for role, person in people.items()} | {"": Client()}
    for number, state in (("001", "waiting"), ("002", "collected"), ("003", "rejected")):
        key = str(cast.sent(number=number).addressee.key)
        if state == "collected":
            fetch(clients["SCHOOL"], key)
            say(clients["SCHOOL"], "yes", key)
        if state == "rejected":
            answer = clients["SCHOOL"].post(f"/download/ctf/{key}/reject", {"reason": "other", "note": "not ours"})
            assert answer.status_code == 302
    Category.objects.create(name="Bilingual")
    SiteNotice.objects.create(text="Closed on Monday", text_cy="Ar gau ddydd Llun", written_by="wgnational")
    due = timezone.localdate() + timedelta(days=30)
    day = {"due_on-day": due.day, "due_on-month": due.month, "due_on-year": due.year, "sure": "yes"}
    assert clients["NATIONAL"].post("/users/audit/start", day).status_code == 302
    TOTP.activate(people["SCHOOL"], generate_totp_secret())
    begin_to_administer(cast)
    for number, transfer in enumerate(Transfer.objects.all()):  # the same file is accepted once
        Transfer.objects.filter(pk=transfer.pk).update(digest=bytes([number]) * 32)
    for rows, column, text in PLANTED:
        assert rows.update(**{column: text}), column
    return clients


def begin_to_administer(cast: Cast) -> None:
    """What leaves a page of its own: details to be confirmed, schools that get their users, a list that was looked at."""
    dba, user = cast.actor("LEA_DBA", "681"), cast.person("LEA_USER", "681")
    corrections.ask(actor=dba, user=user, name="Bethan", email="bethan@council.wales", version=str(user.version))
    set_up_many.begin(actor=dba, schools=[cast.school("6812061")])
    named = written(MAINTAINED, [welsh_school("6812098", LISTED)])
    kept_lists.look(actor=cast.actor("NATIONAL", "WG"), name="list.csv", content=named)


TYPED, SITE = script("typed"), of_the_site.SITE_URL
WITH_AN_LA = ("users", "user-add", "users-audit", "users-audit-report")
# What is asked of a page in its address, here and there.
ASKED: dict[str, list[dict[str, str]]] = {
    "download-ctf": [{"show": "awaiting"}, {"show": "collected"}],
    "find-school": [{"q": "6812"}, {"lea": "681"}, {"q": TYPED}],
    "contacts": [{"lea": "679"}],
    "school-choose": [{"lea": "681"}, {"number": TYPED}, {"lea": "681", "number": TYPED}],
    "school-choose-to-delete": [{"lea": "681"}],
    "school-add": [{"lea": "681"}],
    "special-school-add": [{"lea": "681"}],
    "sign-in": [{"next": TYPED}],
    "demo-mail": [{"to": TYPED}],
    "users-seen": [{"q": TYPED}, {"show": "school"}, {"show": "lea", "at": "681"}, {"show": "school", "at": "681"}],
} | {name: [{"at": "681"}] for name in WITH_AN_LA}
ECHOED = dict.fromkeys(("sort", "direction", "view", "show", "page", "zz"), TYPED)  # in the links of a page to itself


def addresses(cast: Cast, batch: str = "") -> Iterator[tuple[str, str]]:
    """Each page of the site by its row's name; some of them for several things, and all with something typed into the address."""
    sent = Delivery.objects.filter(part="addressee", organisation__number="6812061")
    waiting, collected, rejected = (sent.get(state=state) for state in ("waiting", "collected", "rejected"))
    things = {
        "receipt": [delivery.transfer.receipt for delivery in (waiting, collected, rejected)],
        "key": [waiting.key],
        "username": ["681leauser", "6812061"],
        "number": ["6812061", "6812045"],
        "batch": [batch],
        "guide": [guide.name for guide in GUIDES],
    }
    special = {
        "check-ctf": [f"/upload/ctf/check/{upload.batch}" for upload in CheckedUpload.objects.all()],
        "link": [links.make(cast.person("LEA_USER", "681"), valid=timedelta(days=1))],
        "lea-edit": ["/leas/681/update", "/leas/WG/update"],
        "category": [f"/categories/{Category.objects.get().pk}/update"],
        "correction": [Email.objects.get(notice="correction_asked").facts["link"]],
        "set-up": [f"/schools/set-up/{SetUp.objects.get().key}"],
        "import-look": [f"/import/{KeptList.objects.get().key}"],
        "chosen-ctf": [f"/download/ctf/chosen?{urlencode({'file': [waiting.key, collected.key]}, doseq=True)}"],
        "demo-issuer-who": [f"/demo/issuer/who?{urlencode({'redirect_uri': f'{SITE}/sign-in/dfe/back', 'state': TYPED, 'nonce': TYPED})}"],
    }
    for row in PAGES:
        if "GET" in row.methods and row.name not in NO_PAGES:
            place = re.search(r"<\w+:(\w+)>", row.path)
            all_things = things[place[1]] if place and row.name not in special else [""]
            found = special.get(row.name) or [f"/{row.path}".replace(place[0] if place else "<>", str(thing)) for thing in all_things]
            asked = [f"{found[0]}{'&' if '?' in found[0] else '?'}{urlencode(query)}" for query in [*ASKED.get(row.name, ()), ECHOED]]
            yield from ((row.name, path) for path in [*found, *asked])


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_script_in_what_is_kept_is_text_on_every_page(cast: Cast, everywhere: dict[str, Client], language: str) -> None:
    opened, shown = set[str](), ""
    batch = upload_oddly(everywhere["SCHOOL"])
    for client in (*everywhere.values(), *on_the_doorstep(cast)):
        client.cookies["s2s_language"] = language
        for name, path in addresses(cast, batch):
            answer = client.get(path)
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                opened.add(name)
                shown += read(answer.content, (name, path))
            else:
                read(answer.content, (name, path))
    assert {row.name for row in PAGES if "GET" in row.methods} - opened <= NO_PAGES, "nobody has seen these"
    english, welsh = ("notice", "source", "destination"), ("ysgol", "awdurdod", "categori", "hysbysiad", "ffynhonnell", "cyrchfan")
    of_the_other = {"en": welsh, "cy": english}[language]
    unseen = {text for text in SHOWN if text not in shown} - {script(what) for what in of_the_other}
    assert unseen == set(), "nothing is proved of what no page shows"


def on_the_doorstep(cast: Cast) -> Iterator[Client]:
    """Two people who have given their password and are not in yet, and one to whom files are shut."""
    User.objects.filter(username="681leauser").update(must_change_password=True)
    shut = cast.person("LEA_PLASC", "681", awaits_link=True)
    for username in ("681leauser", "6812061", shut.username):
        client = Client()
        assert client.post("/sign-in", {"username": username, "password": PASSWORD}).status_code == 302
        yield client


def upload_oddly(client: Client) -> str:
    """Files with a script in a pupil's name, in a value and in their own name; the name of the page with what became of them."""
    wrong_upn = pupil(1, Surname=PUPIL, UPN="A681206109001")
    files = {
        name_for("6812061", "6812045", "901"): ctf([wrong_upn], source="6812061", destination="6812045"),
        name_for("6812061", "6812045", "902"): ctf([pupil(1, DOB=VALUE)], source="6812061", destination="6812045"),
        NAME: b"<script>planted()</script>",
    }

    def chosen() -> list[SimpleUploadedFile]:
        return [SimpleUploadedFile(name, content) for name, content in files.items()]

    assert "/check/" in client.post("/upload/ctf", {"files": chosen()})["Location"]
    answer = client.post("/upload/ctf", {"files": chosen(), "at_once": "on"})
    assert answer.status_code == 302
    return answer.headers["Location"].rsplit("/", 1)[-1]


def test_a_script_in_the_name_of_a_passkey_is_text(cast: Cast) -> None:
    person = cast.person("SCHOOL", "6812061")
    client = cast.client(person)
    Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data={"name": script("passkey"), "credential": {}})
    for path in ("/security", "/security/remove"):
        assert script("passkey") in read(client.get(path).content, path)


def test_a_script_in_what_is_typed_comes_back_as_text(cast: Cast, everywhere: dict[str, Client]) -> None:
    came_back = set()
    for role in ("SCHOOL", "LEA_DBA", "NATIONAL", ""):
        client = everywhere[role]
        for name, path in addresses(cast):
            with transaction.atomic():  # what the form changes is changed back
                visitor = Client() if name == "link" else client  # whoever sets a password by a link is signed out
                if name != "log-off" and TYPED in fill_in(visitor, path):
                    came_back.add(name)
                transaction.set_rollback(True)
    assert came_back >= {
        "sign-in",
        "reject-ctf",
        "user-add",
        "school-add",
        "school-update",
        "lea",
        "lea-edit",
        "categories",
        "category",
        "site-notices",
    }


def fill_in(client: Client, path: str) -> str:
    """What is shown when every box of the page's forms has been filled with a script and sent."""
    page = client.get(path).content.decode()
    boxes = dict.fromkeys(re.findall(r'<(?:input|textarea|select)[^>]*? name="([^"]+)"', page[page.find("<main") :]), TYPED)
    if not boxes:
        return ""
    sent = boxes | ({"reason": "other"} if path.endswith("/reject") else {})
    files = {box: SimpleUploadedFile(NAME, b"x") for box in {"files", "list"} & set(boxes)}
    return read(client.post(path, sent | files, follow=True).content, path)
