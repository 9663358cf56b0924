"""Questions about local authorities and schools."""

from contextlib import suppress

from django.db.models import Count, QuerySet

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


def categories() -> QuerySet[Category]:
    return Category.objects.annotate(number_of_schools=Count("schools"))
