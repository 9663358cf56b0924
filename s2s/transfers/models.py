"""What was sent (Transfer), each recipient's copy of it (Delivery), what happened to each (Event), and the pupils named in it."""

import secrets
import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models, transaction
from django.utils import timezone

from s2s.accounts.actors import Person
from s2s.audit.models import Action
from s2s.audit.trail import record
from s2s.notices import catalogue
from s2s.organisations.models import Organisation
from s2s.rules.kinds import Kind
from s2s.rules.lifecycle import AWAITING, STEPS, RejectReason, State, StepName
from s2s.transfers.refusals import NotPossible, StepFault

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's 32: no I, L, O, U to misread


def new_receipt() -> str:
    """A receipt number such as 7K3M-92QF-X4TD: 60 random bits, easy to read out over the telephone."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


class Transfer(models.Model):
    """One file that was accepted. Whatever becomes of it is told by its deliveries."""

    receipt = models.CharField(max_length=14, unique=True, default=new_receipt)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in Kind])
    name = models.CharField(max_length=100)
    source = models.ForeignKey(Organisation, models.PROTECT, related_name="transfers_sent")
    source_address = models.CharField(max_length=7)
    destination = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="transfers_addressed")
    destination_address = models.CharField(max_length=7)
    sent_by = models.CharField(max_length=40, help_text="the user name; the person may be deleted later")
    sent_at = models.DateTimeField(default=timezone.now)
    size = models.PositiveIntegerField(help_text="bytes")
    digest = models.BinaryField(max_length=32, help_text="SHA-256 of the bytes")
    version = models.CharField(max_length=8, blank=True, help_text="CTFversion, as the header says")
    pupil_count = models.PositiveIntegerField(default=0)
    warnings = models.JSONField(default=list, help_text="codes and facts shown to the sender")

    class Meta:
        indexes = [
            models.Index(fields=["source", "name", "digest"]),
            models.Index(fields=["source", "source_address", "-sent_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.receipt} {self.name}"

    @property
    def addressee(self) -> "Delivery":
        """The delivery to the place the file is named for (a school, an authority, the lost-pupil area)."""
        return next(delivery for delivery in self.deliveries.all() if delivery.part in {Delivery.Part.ADDRESSEE, Delivery.Part.LOST})

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


class Delivery(models.Model):
    """One recipient's copy of a transfer, with a life of its own (`rules/lifecycle.py`)."""

    class Part(models.TextChoices):
        ADDRESSEE = "addressee"
        COPY = "copy"  # a local authority's copy (3.9)
        LOST = "lost"  # the Lost Pupil Database (1.3)

    class View(models.TextChoices):
        """Which of the three views of the local authority's screen shows it (5.3)."""

        WITHIN = "within"
        INCOMING = "incoming"
        LEAVING = "leaving"

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="deliveries")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="deliveries")
    address = models.CharField(max_length=7)
    part = models.CharField(max_length=10, choices=Part.choices)
    view = models.CharField(max_length=10, choices=View.choices, blank=True)
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in State], default=State.WAITING)
    state_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=20, blank=True, choices=[(reason.value, reason.value) for reason in RejectReason])
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [models.Index(fields=["organisation", "address", "state", "view"])]
        constraints = [
            models.UniqueConstraint(fields=["transfer"], condition=~models.Q(part="copy"), name="one_addressee_to_a_transfer"),
            models.UniqueConstraint(fields=["transfer", "organisation"], name="one_delivery_to_an_organisation"),
        ]

    ACTIONS: ClassVar[dict[StepName, Action]] = {
        StepName.FETCH: Action.FETCHED,
        StepName.CONFIRM: Action.CONFIRMED,
        StepName.RETURN: Action.RETURNED,
        StepName.REJECT: Action.REJECTED,
        StepName.REFETCH: Action.REFETCHED,
    }

    @property
    def is_awaiting(self) -> bool:
        return self.state in AWAITING

    @transaction.atomic
    def take(self, name: StepName, *, by: Person, reason: str = "", note: str = "") -> "Event":
        """Take one step of the lifecycle: the only place where a state changes.

        One conditional UPDATE decides when two people act at once. The step's event, audit entry and e-mails stand in the
        same transaction. Raises NotPossible when the delivery is not where the step starts.
        """
        step = STEPS[name]
        now = timezone.now()
        changes: dict[str, object] = {"state": step.end, "state_at": now}
        if name is StepName.REJECT:
            changes |= {"reason": reason, "note": note}
        if not Delivery.objects.filter(pk=self.pk, state__in=step.start).update(**changes):
            self.refresh_from_db(fields=["state", "state_at"])
            raise NotPossible(StepFault.NOT_NOW, step=name, state=self.state, name=self.transfer.name)
        self.refresh_from_db(fields=list(changes))
        event = Event.objects.create(delivery=self, step=name, at=now, person=by.name, organisation=by.organisation)
        record(self.ACTIONS[name], by=by, transfer=self.transfer.receipt, delivery=self.address, part=self.part)
        if self.part == self.Part.ADDRESSEE:  # an authority's copy disturbs nothing (1.1)
            self._announce(step.notices)
        return event

    def _announce(self, notices: tuple[str, ...]) -> None:
        if self.organisation:
            file = catalogue.File(self.transfer.name, self.transfer.receipt, self.state_at)
            for notice in notices:
                catalogue.TO_SENDER[notice](self.transfer.source.recipient, file, self.organisation.party, self.reason)


class Event(models.Model):
    """A step that was taken: what the timeline of a transfer shows."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="events")
    step = models.CharField(max_length=12, choices=[(step.value, step.value) for step in StepName])
    at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(default=timezone.now)
    person = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT)

    class Meta:
        ordering = ["at", "pk"]


class Reminder(models.Model):
    """That a place was reminded in a week, which is named by its Monday: once, whatever was cut off and done again."""

    organisation = models.ForeignKey(Organisation, models.CASCADE)
    week = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["week", "organisation"], name="one_reminder_a_week")]
