"""The people of the tests and their places.

cast.school("6812045")           Greenway Primary School, Cardiff
cast.person("SCHOOL", "6812045") its user, user name 6812045
cast.person("LEA_USER", "681")   a user of Cardiff
cast.client(person)              a browser in which they have signed in
"""

from dataclasses import dataclass, field

from django.test import Client

from s2s.accounts.actors import Person
from s2s.accounts.models import User
from s2s.organisations.models import Organisation
from s2s.rules.kinds import Kind
from s2s.rules.roles import RoleCode
from s2s.transfers.models import Transfer
from s2s.transfers.upload import send
from tests.samples import ctf, name_for

PASSWORD = "correct horse battery staple"
AUTHORITIES = {
    "681": ("Cardiff", "Caerdydd"),
    "679": ("Monmouthshire", "Sir Fynwy"),
    "675": ("Merthyr Tydfil", "Merthyr Tudful"),
    "680": ("Newport", "Casnewydd"),
    "673": ("Vale of Glamorgan", "Bro Morgannwg"),
    "660": ("Isle of Anglesey", "Ynys Môn"),
    "394": ("Sunderland", ""),
}
SCHOOLS = {
    "6812045": "Greenway Primary School",
    "6812061": "Llanishen Primary School",
    "6812049": "Hafod Primary School",
    "6792303": "The Dell Primary School",
    "6732182": "Romilly Primary School",
    "6802320": "Ysgol Ifor Hael",
    "3942001": "Seaview Primary School",
}


@dataclass
class Cast:
    addresses: dict[str, str] = field(default_factory=dict)

    def authority(self, number: str) -> Organisation:
        name, name_cy = AUTHORITIES[number]
        region = "Wales" if number >= "660" else "England"
        details = {
            "kind": "authority",
            "name": name,
            "name_cy": name_cy,
            "region": region,
            "email": f"data@{number}.example.org",
            "language": "en",
        }
        return Organisation.objects.get_or_create(number=number, defaults=details)[0]

    def school(self, number: str, **changes: object) -> Organisation:
        authority = self.authority(number[:3])
        details = {
            "kind": "school",
            "name": SCHOOLS.get(number, f"School {number}"),
            "authority": authority,
            "region": authority.region,
            "email": f"office@{number}.example.org",
            "language": "en",
        }
        school, made = Organisation.objects.get_or_create(number=number, defaults=details | changes)
        if not made and changes:
            Organisation.objects.filter(pk=school.pk).update(**changes)
            school.refresh_from_db()
        return school

    def national(self) -> Organisation:
        details = {"kind": "national", "name": "Welsh Government", "name_cy": "Llywodraeth Cymru", "region": "Wales"}
        return Organisation.objects.get_or_create(number="WG", defaults=details)[0]

    def place(self, number: str) -> Organisation:
        if number == "WG":
            return self.national()
        return self.authority(number) if len(number) == 3 else self.school(number)

    def person(self, role: str, at: str, username: str = "", **changes: object) -> User:
        username = username or (at if role == "SCHOOL" else f"{at}{RoleCode(role).lower().replace('_', '')}")
        found = User.objects.filter(username=username).first()
        if found:
            return found
        place = self.place(at)
        details = {"email": place.email if role == "SCHOOL" else f"{username}@example.org", "must_change_password": False} | changes
        person = User(username=username, role=role, organisation=place, **details)
        person.set_password(PASSWORD)
        person.save()
        return person

    def actor(self, role: str, at: str) -> Person:
        return Person(self.person(role, at), "192.0.2.1")

    def client(self, person: User, **more: object) -> Client:
        client = Client(**more)
        answer = client.post("/sign-in", {"username": person.username, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return client

    def sent(self, source: str = "6812045", destination: str = "6812061", number: str = "001", pupils: int = 1) -> Transfer:
        """A file that has been sent through the real journey, with its places made as needed."""
        role = "SCHOOL" if source.isdecimal() else "LEA_SCHOOL"
        if destination[:3].isdecimal():
            self.place(destination if destination.isdecimal() else destination[:3])
        actor = self.actor(role, source if source.isdecimal() else source[:3])
        content = ctf(pupils, source=source, destination=destination)
        return send(actor=actor, name=name_for(source, destination, number), content=content, kind=Kind.CTF).transfer
