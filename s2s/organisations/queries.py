"""Questions about local authorities and schools."""

from contextlib import suppress

from django.db.models import Count, F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language

from s2s.organisations.models import Category, Organisation


def organisation(number: str) -> Organisation | None:
    """The authority (681) or school (6812045) of this number."""
    with suppress(Organisation.DoesNotExist):
        return Organisation.objects.select_related("authority").get(number=number)
    return None


def national_office() -> Organisation | None:
    return Organisation.objects.filter(kind=Organisation.Kind.NATIONAL).first()


def authorities() -> QuerySet[Organisation]:
    """The LAs that there are."""
    return Organisation.objects.filter(kind=Organisation.Kind.AUTHORITY, closed_on=None).order_by("name")


def local_name() -> Combinable:
    """An expression to sort organisations by: their names in the language of the page."""
    return Coalesce(NullIf(F("name_cy"), Value("")), F("name")) if get_language() == "cy" else F("name")


def categories() -> QuerySet[Category]:
    return Category.objects.annotate(number_of_schools=Count("schools"))
