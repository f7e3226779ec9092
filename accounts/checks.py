"""What the start should complain about."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks

from accounts.people import role_settings


@checks.register()
def admin_and_auditor(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[checks.CheckMessage]:
    """An account named twice is an auditor only; say so instead of letting an admin wonder."""
    settings = role_settings()
    both = sorted(settings.admins & settings.auditors)
    if not both:
        return []
    named = ", ".join(both)
    words = f"PORTAL_ADMINS and PORTAL_AUDITORS both name {named}: only the auditor's role counts."
    return [checks.Warning(words, id="accounts.W001")]
