"""``manage.py record_settings``: tell the trail which rights the settings grant now. Run at every start."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.actors import System
from accounts.operations import compare_role_settings


class Command(BaseCommand):
    """Compares the settings that grant rights with what was recorded last."""

    help = "Record changes of PORTAL_ADMINS, PORTAL_AUDITORS and BITBUCKET_WORKSPACES in the trail."

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, record, and say what changed."""
        changed = compare_role_settings(acting_user=System("record_settings", kind="command"))
        self.stdout.write(f"Recorded changes of {', '.join(changed)}." if changed else "Nothing changed.")
