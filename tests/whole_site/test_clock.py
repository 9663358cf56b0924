"""What the worker does by the clock, copied out by hand: a job that nobody schedules any more is missed by nobody else."""

import pytest
from procrastinate.contrib.django import app

TABLE = {
    # job                      when (UTC)
    "seal audit trail":        "* * * * *",
    "seal what came late":     "20 4 * * *",
    "retry stalled jobs":      "* * * * *",
    "weekly reminder":         "5 * * * *",
    "sweep":                   "20 * * * *",
    "sweep administration":    "25 * * * *",
    "remove old jobs":         "40 3 * * *",
    "yearly audit of users":   "10 5 * * *",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _all_jobs() -> None:
    """Known as a worker knows them when it starts."""
    app.perform_import_paths()


def test_every_job_is_scheduled_as_the_table_says() -> None:
    scheduled = {periodic.task.name: periodic.cron for periodic in app.periodic_registry.periodic_tasks.values()}
    assert scheduled == TABLE


def test_of_every_job_one_in_the_queue_is_enough() -> None:
    for periodic in app.periodic_registry.periodic_tasks.values():
        assert periodic.task.queueing_lock, periodic.task.name


def test_no_job_is_queued_by_anything_but_the_clock() -> None:
    jobs = set(app.tasks) - {name for name in app.tasks if ".builtin_tasks." in name}
    assert jobs == set(TABLE)
