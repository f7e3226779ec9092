"""Install or renew the templates that the project ships."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.actors import System
from tokens.operations.templates import install_templates


class Command(BaseCommand):
    """``manage.py install_templates``: safe to run at every deployment."""

    help = "Install the shipped templates; what is there already stays as it is."

    def handle(self, *_: Any, **__: Any) -> None:
        """Install and say what changed."""
        installed = install_templates(acting_user=System("install_templates", kind="command"))
        self.stdout.write(f"Installed: {', '.join(installed)}" if installed else "Every template is up to date.")
