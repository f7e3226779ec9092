"""``manage.py signing_key``: the public key of evidence packs, or a fresh pair."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.signing import MalformedKey, NoSigningKey, SigningKey, configured_key, new_seed_text, seed_from_text


class Command(BaseCommand):
    """Prints a key file that verify.py takes. Keep it where the portal cannot change it."""

    help = "Print the public key that evidence packs are checked with; --new makes a private key for the secret store."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the caller may choose."""
        parser.add_argument("--new", action="store_true", help="print a fresh private key, and its public key")

    def handle(self, *, new: bool, **_: Any) -> None:
        """Print it."""
        if new:
            seed = new_seed_text()
            key = SigningKey(seed_from_text(seed, demo=False))
            self.stdout.write("# Private: put it into the secret store and nowhere else.")
            self.stdout.write(f"AUDIT_SIGNING_KEY={seed}")
        else:
            key = _configured()
        self.stdout.write(f"# Public key of evidence packs (Ed25519), id {key.key_id}")
        self.stdout.write(key.public_text)


def _configured() -> SigningKey:
    try:
        return configured_key()
    except (NoSigningKey, MalformedKey) as problem:
        raise CommandError(str(problem)) from None
