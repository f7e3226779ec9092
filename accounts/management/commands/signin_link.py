"""``manage.py signin_link ACCOUNT_ID``: let one person in while Bitbucket's sign-in is down."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts.actors import System
from accounts.models import Person
from accounts.operations import NotPossible, make_signin_code


class Command(BaseCommand):
    """Prints an address and a code that works once within five minutes. The trail is told."""

    help = "Print a one-time sign-in code for a person, for when Bitbucket's sign-in is down."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One argument: whom to let in."""
        parser.add_argument("account_id", help="the person's Atlassian account id")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the code and print it."""
        person = Person.objects.filter(account_id=options["account_id"]).first()
        if person is None:
            raise CommandError("The portal does not know a person with this account id.")
        try:
            code = make_signin_code(person, acting_user=_command())
        except NotPossible as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"For {person}, once, within five minutes:\n\n"
            f"  open   {settings.PORTAL_URL}{reverse('signin_link')}\n"
            f"  enter  {code}\n\n"
            "Give it to nobody else. Whoever enters it is signed in as this person."
        )


def _command() -> System:
    try:
        shell_user = getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number without a name
        shell_user = "an unnamed account"
    return System(f"signin_link by {shell_user}", kind="command")
