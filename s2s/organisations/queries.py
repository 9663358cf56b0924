"""Questions about local authorities and schools."""

from django.db.models import Count, F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language

from s2s.organisations.models import Category, Organisation
from s2s.rows import Columns, found

_PLACE, _AUTHORITY = Columns(Organisation, "place"), Columns(Organisation, "authority")
_BY_NUMBER = f"""
SELECT {_PLACE.sql}, {_AUTHORITY.sql}
FROM organisations_organisation place LEFT JOIN organisations_organisation authority ON authority.id = place.authority_id
WHERE place.number = %s
"""  # noqa: S608 # nosec B608 - our own words


def organisation(number: str) -> Organisation | None:
    """The authority (681) or school (6812045) of this number. Each file that is sent asks for one."""
    for row in found(_BY_NUMBER, [number]):
        place = _PLACE.take(row)
        place.authority = _AUTHORITY.take_if_any(row)
        return place
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
