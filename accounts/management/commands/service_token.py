"""``manage.py service_token``: make, list and revoke service tokens of the HTTP API."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Person, ServiceToken, User
from accounts.operations import NotPossible, make_service_token, revoke_service_token
from accounts.policy import SERVICE_SCOPES

DAYS = 90


class Command(BaseCommand):
    """Prints a new token once; it is stored nowhere."""

    help = "Make, list or revoke service tokens, with which other systems use the HTTP API."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and as whom."""
        what = parser.add_subparsers(dest="what", required=True)
        make = what.add_parser("create", help="make one and print it once")
        make.add_argument("name", help="which system uses it")
        make.add_argument("--scope", action="append", required=True, choices=sorted(SERVICE_SCOPES))
        make.add_argument("--days", type=int, default=DAYS, help="how long it works, 1 to 365")
        what.add_parser("list", help="all of them, without the tokens themselves")
        revoke = what.add_parser("revoke", help="end one now")
        revoke.add_argument("name")
        for one in (make, revoke):
            one.add_argument("--as", dest="admin", required=True, help="account id of the admin who answers for it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        try:
            getattr(self, f"_{options['what']}")(options)
        except (NotPossible, PermissionDenied) as problem:
            raise CommandError(str(problem)) from problem

    def _create(self, options: dict[str, Any]) -> None:
        row, text = make_service_token(
            options["name"], options["scope"], options["days"], acting_user=_admin(options), os_user=_os_user()
        )
        self.stderr.write(f"“{row}” works until {row.expires_at:%Y-%m-%d %H:%M} UTC. It is shown this once:")
        self.stdout.write(text)

    def _list(self, options: dict[str, Any]) -> None:
        live = set(Person.objects.live().values_list("pk", flat=True))
        for row in ServiceToken.objects.select_related("created_by"):
            used = f"last used {row.last_used_at:%Y-%m-%d %H:%M}" if row.last_used_at else "never used"
            ends = f"until {row.expires_at:%Y-%m-%d}"
            left = "" if row.created_by_id in live else ", who left"
            maker = f"made by {row.created_by}{left}"
            self.stdout.write(f"{row.state:8} {row}: {', '.join(row.scopes)}, {ends}, {used}, {maker}")

    def _revoke(self, options: dict[str, Any]) -> None:
        row = ServiceToken.objects.filter(name=options["name"]).first()
        if row is None:
            raise CommandError("There is no service token of this name.")
        ended = revoke_service_token(row, acting_user=_admin(options), os_user=_os_user())
        self.stdout.write(f"“{row}” is revoked." if ended else f"“{row}” was revoked before.")


def _admin(options: dict[str, Any]) -> User:
    user = User.objects.select_related("person").filter(username=options["admin"]).first()
    if user is None:
        raise CommandError("Nobody with this account id has signed in here.")
    return user


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number without a name
        return "an unnamed account"
