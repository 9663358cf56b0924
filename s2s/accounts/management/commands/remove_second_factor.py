"""The operator's way for people who have lost their second factor: `s2s manage remove_second_factor 681dba`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from s2s.accounts import second_factor
from s2s.accounts.actors import Site
from s2s.accounts.models import User


class Command(BaseCommand):
    help = "Remove the app, passkeys and recovery codes of these people; they are told, and may set new ones up. First make sure who asks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("usernames", nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        people = User.objects.filter(username__in=options["usernames"])
        if missing := set(options["usernames"]) - {person.username for person in people}:
            raise CommandError(f"There is nobody called {', '.join(sorted(missing))}.")
        for person in people:
            second_factor.take_away(by=Site(), person=person)
