"""What the worker does for the trail by the clock. That it is scheduled: `whole_site/test_clock.py`."""

import pytest
from django.conf import settings

from s2s.accounts.actors import Site
from s2s.audit import chain, tasks, trail
from s2s.audit.models import Action, Entry, Seal
from s2s.audit.verify import verify

pytestmark = pytest.mark.django_db


def test_every_minute_the_trail_is_sealed_and_its_head_noted(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    trail.record(Action.SIGNED_IN, by=Site())
    tasks.seal_audit_trail(timestamp=0)
    assert Seal.objects.count() == 1
    assert (settings.KEYS / "audit.head").read_text().strip() == str(chain.head())
    assert f"audit trail sealed up to {chain.head()}" in caplog.text
    assert verify() is None


def test_once_a_day_what_came_late_is_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    late = Entry(**trail.entry(Action.SIGNED_IN, by=Site())._asdict())
    for _ in range(3):
        trail.record(Action.SIGNED_IN, by=Site())
    monkeypatch.setattr(chain, "LOOKING_BACK", 2)
    tasks.seal_audit_trail(timestamp=0)
    late.save(force_insert=True)
    tasks.seal_audit_trail(timestamp=0)
    assert not Seal.objects.filter(entry=late.pk).exists()
    tasks.seal_what_came_late(timestamp=0)
    assert Seal.objects.filter(entry=late.pk).exists()
