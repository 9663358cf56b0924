"""Questions about people who sign in."""

from django.db.models import QuerySet

from s2s.accounts.models import User
from s2s.organisations.models import Organisation
from s2s.rules.roles import RoleCode


def administrator(authority: Organisation | None) -> User | None:
    """The authority's LEA Administrator (3.1), whom its people and its schools may ask."""
    return User.objects.filter(organisation=authority, role=RoleCode.LEA_DBA, is_active=True).first() if authority else None


def remember_language(user: User, language: str) -> None:
    """Keep the language somebody chose, for the pages and the e-mails to them."""
    User.objects.filter(pk=user.pk).update(language=language)


def people_to_vouch_for() -> QuerySet[User]:
    """The people that the demonstration's own issuer can send: those who have an e-mail address."""
    return User.objects.filter(is_active=True).exclude(email="").select_related("organisation").order_by("username")
