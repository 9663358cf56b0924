"""A forgotten password: a link goes to the e-mail address on record, and nobody at the page learns whether there is one.

The page only leaves a word for the worker, always the same work; the worker looks whether there is such a person.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from s2s.accounts import links
from s2s.accounts.actors import Stranger
from s2s.accounts.models import User
from s2s.audit.models import Action
from s2s.audit.trail import record
from s2s.notices import catalogue, errands

SEND = "send password link"  # the errand's name; `tasks.py` does it
AT_MOST = 3  # links to one person in an hour


def ask(*, username: str, ip: str) -> None:
    """Somebody at this network address says that they have forgotten the password of this user name."""
    known_form = username if username.isalnum() and len(username) <= 40 else ""
    errands.leave(SEND, username=known_form, ip=ip)


@transaction.atomic
def send_link(username: str, ip: str) -> bool:
    """E-mail the link if this person exists, is active, has an e-mail address and was not sent too many. The worker does this."""
    user = User.objects.select_for_update(of=("self",)).select_related("organisation").filter(username=username, is_active=True).first()
    if user is None or not user.recipient.email:
        return False
    if user.links.filter(made_at__gt=timezone.now() - timedelta(hours=1)).count() >= AT_MOST:
        return False
    catalogue.password_forgotten(user.recipient, links.make(user, valid=links.AFTER_FORGETTING))
    record(Action.PASSWORD_LINK_SENT, by=Stranger(user.username, ip, user.organisation.number))
    return True
