"""What a person has chosen about how s2s works for them."""

from s2s.accounts.actors import Person
from s2s.accounts.models import User


def choose_sending(*, actor: Person, at_once: bool) -> None:
    """Remember whether their uploads are sent at once, or shown first."""
    if actor.user.sends_at_once is not at_once:
        User.objects.filter(pk=actor.user.pk).update(sends_at_once=at_once)
