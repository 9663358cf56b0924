"""What was sent (Transfer), each recipient's copy of it (Delivery), what happened to each (Event), and the pupils named in it."""

import secrets
import uuid
from datetime import datetime

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from s2s.accounts.actors import Actor
from s2s.organisations.models import Organisation
from s2s.rules.lifecycle import AWAITING, Part, Shelf, State, StepName

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's 32: no I, L, O, U to misread


def new_receipt() -> str:
    """A receipt number such as 7K3M-92QF-X4TD: 60 random bits, easy to read out over the telephone."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def _shelf_of(state: str) -> Case:
    """The state as lists ask for it (`lifecycle.SHELVES`): two states await download, each other one is a shelf of its own."""
    return Case(When(Q(**{f"{state}__in": sorted(AWAITING)}), then=Value(str(Shelf.AWAITING))), default=F(state))


def _shelf(state: str) -> models.GeneratedField:
    return models.GeneratedField(expression=_shelf_of(state), output_field=models.CharField(max_length=12), db_persist=True)


class Transfer(models.Model):
    """One file that was accepted. `state` is what its addressee did with it."""

    receipt = models.CharField(max_length=14, unique=True, default=new_receipt)
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=100)
    source = models.ForeignKey(Organisation, models.PROTECT, related_name="transfers_sent", db_index=False)
    source_address = models.CharField(max_length=7)
    destination = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="transfers_addressed")
    destination_address = models.CharField(max_length=7)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", help_text="the file it was made of")
    sent_by = models.CharField(max_length=40, help_text="the user name; the person may be deleted later")
    sent_at = models.DateTimeField(default=timezone.now)
    size = models.PositiveIntegerField(help_text="bytes")
    digest = models.BinaryField(max_length=32, help_text="SHA-256 of the bytes")
    version = models.CharField(max_length=8, blank=True, help_text="CTFversion, as the header says")
    pupil_count = models.PositiveIntegerField(default=0)
    warnings = models.JSONField(default=list, help_text="codes and facts shown to the sender")
    state = models.CharField(max_length=12, default=State.WAITING)
    state_at = models.DateTimeField(default=timezone.now)
    shelf = _shelf("state")

    class Meta:
        indexes = [
            models.Index(fields=["source_address", "kind", "sent_at", "id"], name="sent_by_a_desk"),
            models.Index(fields=["source_address", "kind", "shelf", "state_at", "id"], name="sent_and_what_became_of_it"),
        ]
        constraints = [
            # The same bytes under the same name are the same file, unless it was rejected, or made of another file (forwarded, split).
            models.UniqueConstraint(
                fields=["source", "name", "digest"], condition=~Q(state="rejected") & Q(parent=None), name="a_file_is_accepted_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt} {self.name}"

    @property
    def addressee(self) -> "Delivery":
        """The delivery to the place the file is named for (a school, an authority, the lost-pupil area)."""
        return next(delivery for delivery in self.deliveries.all() if delivery.part in {Part.ADDRESSEE, Part.LOST})

    @property
    def is_lost(self) -> bool:
        return self.destination_id is None


class Content(models.Model):
    """The bytes as they came, encrypted with age; see `store.py`."""

    transfer = models.OneToOneField(Transfer, models.CASCADE, primary_key=True)
    sealed = models.BinaryField()
    key = models.CharField(max_length=80, help_text="the public key it is encrypted to")
    mac = models.BinaryField(max_length=32, help_text="HMAC over receipt, name, addresses and digest of the transfer")

    class Meta:
        indexes = [models.Index(fields=["key"])]


class Pupil(models.Model):
    """A pupil named in a file, as the file writes it; rows of it serve the screens that show or search pupils."""

    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="pupils")
    upn = models.CharField(max_length=13)
    former_upn = models.CharField(max_length=13, blank=True)
    uln = models.CharField(max_length=10, blank=True)
    surname = models.CharField(max_length=200)
    forename = models.CharField(max_length=200)
    middle_names = models.CharField(max_length=200, blank=True)
    former_surname = models.CharField(max_length=200, blank=True)
    former_forename = models.CharField(max_length=200, blank=True)
    preferred_surname = models.CharField(max_length=200, blank=True)
    preferred_forename = models.CharField(max_length=200, blank=True)
    date_of_birth = models.DateField()
    sex = models.CharField(max_length=1, blank=True)
    town = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=20, blank=True)


# What a list of deliveries can be ordered by (5.3); names in the language of the page.
ORDERS = ("sent_at", "name", "source_name", "source_name_cy", "destination_name", "destination_name_cy")


class Delivery(models.Model):
    """One recipient's copy of a transfer, with a life of its own (`rules/lifecycle.py`).

    `state` is the copy's own; `outcome` is what the addressee did with the file, and stands on every copy. What lists show, sort and
    filter by is kept here, as it was when the file was sent, so that a page of a list reads one index and its rows.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="deliveries", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="deliveries")
    address = models.CharField(max_length=7)
    kind = models.CharField(max_length=12)
    part = models.CharField(max_length=10)
    view = models.CharField(max_length=10, blank=True, help_text="which of an authority's three views shows it; '' at a school")
    state = models.CharField(max_length=12, default=State.WAITING)
    state_at = models.DateTimeField(default=timezone.now)
    shelf = _shelf("state")
    outcome = models.CharField(max_length=12, default=State.WAITING)
    outcome_at = models.DateTimeField(default=timezone.now)
    outcome_shelf = _shelf("outcome")
    reason = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=500, blank=True)

    receipt = models.CharField(max_length=14)
    name = models.CharField(max_length=100)
    sent_at = models.DateTimeField()
    source_address = models.CharField(max_length=7)
    source_name = models.CharField(max_length=200)
    source_name_cy = models.CharField(max_length=200)
    destination_address = models.CharField(max_length=7)
    destination_name = models.CharField(max_length=200)
    destination_name_cy = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            # A desk's own lists, and an authority's lists of what the addressees did, each in each order without sorting.
            *(models.Index(fields=["address", "kind", "shelf", "view", sort, "id"], name=f"own_by_{sort}") for sort in ORDERS),
            *(models.Index(fields=["address", "kind", "outcome_shelf", "view", sort, "id"], name=f"area_by_{sort}") for sort in ORDERS),
            models.Index(fields=["address", "kind", "shelf", "part", "sent_at", "id"], name="sent_to_a_desk"),
            models.Index(fields=["address", "kind", "sent_at", "id"], condition=Q(state="fetched"), name="fetched_and_not_confirmed"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["transfer"], condition=Q(part__in=["addressee", "lost"]), name="one_addressee_to_a_transfer"),
            models.UniqueConstraint(fields=["transfer", "organisation"], name="one_delivery_to_an_organisation"),
        ]

    @property
    def is_awaiting(self) -> bool:
        return self.state in AWAITING

    def take(self, name: StepName, *, by: Actor, reason: str = "", note: str = "") -> None:
        """Take one step of the lifecycle. Raises what `take_all` raises."""
        from s2s.transfers.steps import take_all

        take_all([self], name, by=by, reason=reason, note=note)


class Event(models.Model):
    """A step that was taken: what the timeline of a transfer shows. The site has no organisation."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="events")
    step = models.CharField(max_length=12)
    at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(default=timezone.now)
    person = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False)

    class Meta:
        ordering = ["at", "pk"]


class Reminder(models.Model):
    """That a place was reminded in a week, which is named by its Monday: once, whatever was cut off and done again."""

    organisation = models.ForeignKey(Organisation, models.CASCADE)
    week = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["week", "organisation"], name="one_reminder_a_week")]


class UploadBatch(models.Model):
    """The results of one upload, for the page that follows it; see `results.py`."""

    batch = models.UUIDField(default=uuid.uuid4, unique=True)
    person = models.CharField(max_length=40)
    place = models.CharField(max_length=7)
    made_at = models.DateTimeField(default=timezone.now, db_index=True)
    digest = models.BinaryField(max_length=32)
    sealed = models.BinaryField(help_text="JSON, encrypted: a fault of a file may name a pupil")
    key = models.CharField(max_length=80)
    mac = models.BinaryField(max_length=32)

    class Meta:
        verbose_name_plural = "upload batches"

    def __str__(self) -> str:
        return str(self.batch)


class CheckedUpload(models.Model):
    """An upload that was checked and waits for its sender's *Send*, with what the check came to; see `check_first.py`."""

    batch = models.UUIDField(unique=True)
    person = models.CharField(max_length=40, db_index=True)
    place = models.CharField(max_length=7)
    session = models.CharField(max_length=64, help_text="SHA-256 of the name of the session in which it was checked")
    kind = models.CharField(max_length=12)
    made_at = models.DateTimeField(default=timezone.now, db_index=True)
    digest = models.BinaryField(max_length=32)
    sealed = models.BinaryField(help_text="JSON, encrypted: it names pupils")
    key = models.CharField(max_length=80)
    mac = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return str(self.batch)


class CheckedFile(models.Model):
    """The bytes of one of its files, encrypted."""

    upload = models.ForeignKey(CheckedUpload, models.CASCADE, related_name="files", db_index=False)
    number = models.PositiveSmallIntegerField()
    size = models.PositiveIntegerField(help_text="bytes")
    digest = models.BinaryField(max_length=32)
    sealed = models.BinaryField()
    key = models.CharField(max_length=80)
    mac = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="one_checked_file_to_a_number")]

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.number}"
