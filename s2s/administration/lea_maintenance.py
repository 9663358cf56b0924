"""Changing what is on record of a local authority, and whether it gets copies of its schools' CTFs (3.9)."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from s2s.accounts.actors import Actor
from s2s.administration import fields
from s2s.administration.fields import EntryFault, refuse
from s2s.administration.rights import needs
from s2s.audit.models import Action
from s2s.audit.trail import record
from s2s.notices import catalogue
from s2s.notices.catalogue import Change
from s2s.notices.recipients import Recipient
from s2s.organisations.models import Organisation
from s2s.rules.refusals import Stale
from s2s.rules.roles import Can


@needs(Can.MAINTAIN_LEA, Can.MAINTAIN_LEAS)
@transaction.atomic
def update(
    *, actor: Actor, authority: Organisation, version: str, typed: Mapping[str, str], copies: bool, region: str | None = None
) -> list[Change]:
    """Change an authority's details; what changed, of which its addresses, old and new, are told. Raises NotSaved or Stale.

    Without `copies` its schools' files are neither copied nor announced to it; what was copied before stays. Switched on again, they
    are from then on, and the day is kept. `region` None leaves the region as it is: the national administrator alone changes it.
    """
    row = Organisation.objects.select_for_update(no_key=True).get(pk=authority.pk)
    if str(row.version) != version:
        raise Stale
    values = dict[str, str]()
    fields.together(
        lambda: values.update(fields.checked(typed, fields.AUTHORITY, row)),
        lambda: fields.check_email_stays(row.email, fields.tidy(typed.get("email", ""))),
        lambda: _check_region(region),
    )
    if region is not None:
        values["region"] = region
    before = row.recipient
    changes = [Change(field, value) for field, value in values.items() if value != getattr(row, field)]
    if row.is_authority and copies != row.copies:
        changes.append(Change("copies", copies))
    for change in changes:
        setattr(row, change.what, change.value)
    if not changes:
        return []
    if any(change == Change("copies", True) for change in changes):
        row.copies_enabled_again_on = timezone.localdate()
    row.version += 1
    row.save()
    record(Action.AUTHORITY_CHANGED, by=actor, number=row.number, changes={change.what: change.value for change in changes})
    _tell(actor, row, before, changes)
    return changes


def _check_region(region: str | None) -> None:
    if region is not None and region not in Organisation.Region.values:
        raise refuse("region", EntryFault.CHOICE)


def _tell(actor: Actor, row: Organisation, before: Recipient, changes: list[Change]) -> None:
    for email in sorted({before.email, row.email}):
        to = Recipient(email=email, language=row.language or before.language, name=row.name, name_cy=row.name_cy)
        catalogue.details_changed(to, row.party, changes, by=actor.party, at=timezone.now())
