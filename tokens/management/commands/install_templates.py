"""Install or renew the templates that the project ships."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.actors import System
from tokens.operations.templates import install_templates


class Command(BaseCommand):
    """``manage.py install_templates``: safe to run at every deployment."""

    help = "Install the shipped templates; what people here changed or retired stays as it is."

    def handle(self, *_: Any, **__: Any) -> None:
        """Install, and say what changed and what was left alone."""
        done = install_templates(acting_user=System("install_templates", kind="command"))
        words = f"Installed: {', '.join(done.installed)}." if done.installed else "Nothing new to install."
        self.stdout.write(words)
        for slug, reason in done.left.items():
            self.stdout.write(f"Left as it is: {slug}, because {reason}.")
