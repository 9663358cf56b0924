"""The categories that the national administrator sorts schools into (3.9, Category Maintenance)."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from s2s.accounts.actors import Actor
from s2s.administration import fields
from s2s.administration.fields import EntryFault, refuse
from s2s.administration.rights import needs
from s2s.audit.models import Action
from s2s.audit.trail import record
from s2s.organisations.models import Category
from s2s.rules.refusals import Stale
from s2s.rules.roles import Can


@needs(Can.MAINTAIN_CATEGORIES)
@transaction.atomic
def add(*, actor: Actor, typed: Mapping[str, str]) -> Category:
    """Raises NotSaved."""
    category = Category(**fields.checked(typed, fields.CATEGORY))
    _save(category)
    record(Action.CATEGORY_ADDED, by=actor, category=category.name)
    return category


@needs(Can.MAINTAIN_CATEGORIES)
@transaction.atomic
def rename(*, actor: Actor, category: Category, before: str, typed: Mapping[str, str]) -> None:
    """`before` is the name that the form showed: somebody may have changed it meanwhile. Raises NotSaved or Stale."""
    row = Category.objects.select_for_update().filter(pk=category.pk).first()
    if row is None or row.name != before:
        raise Stale
    values = fields.checked(typed, fields.CATEGORY, row)
    row.name, row.name_cy = values["name"], values["name_cy"]
    _save(row)
    record(Action.CATEGORY_CHANGED, by=actor, category=row.name, before=before)


def _save(category: Category) -> None:
    same = Category.objects.filter(name__iexact=category.name).exclude(pk=category.pk)
    try:
        if same.exists():
            raise refuse("name", EntryFault.NAME_TAKEN, name=category.name)
        with transaction.atomic():
            category.save()
    except IntegrityError as error:  # somebody else was quicker
        raise refuse("name", EntryFault.NAME_TAKEN, name=category.name) from error


@needs(Can.MAINTAIN_CATEGORIES)
@transaction.atomic
def remove(*, actor: Actor, category: Category) -> int:
    """The schools that had it have none from then on; how many that were. Removed twice is removed once."""
    row = Category.objects.select_for_update().filter(pk=category.pk).first()
    if row is None:
        return 0
    schools = row.schools.count()
    row.delete()
    record(Action.CATEGORY_REMOVED, by=actor, category=category.name, schools=schools)
    return schools
