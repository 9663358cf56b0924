"""Questions about organisations and people."""

from s2s.directory.models import Organisation, User
from s2s.rules.roles import RoleCode


def organisation(number: str) -> Organisation | None:
    """The authority (681) or school (6812045) of this number."""
    return Organisation.objects.select_related("authority", "successor").filter(number=number).first()


def administrator(authority: Organisation | None) -> User | None:
    """The authority's LEA Administrator (3.1), whom its people and its schools may ask."""
    return User.objects.filter(organisation=authority, role=RoleCode.LEA_DBA, is_active=True).first() if authority else None


def remember_language(user: User, language: str) -> None:
    """Keep the language somebody chose, for the pages and the e-mails to them."""
    User.objects.filter(pk=user.pk).update(language=language)
