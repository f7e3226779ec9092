"""Settings that grant rights are part of the story: each change of them is told to the trail."""

from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone

from accounts.actors import Acting, actor
from accounts.models import RecordedSetting
from accounts.people import role_settings
from audit import trail
from audit.tags import Tag


def compare_role_settings(*, acting_user: Acting) -> list[str]:
    """Compare who may do what by the settings with what was recorded last, and record each difference.

    Run it at every start. The first run records what is there as added.

    Returns:
        The names of the settings that changed.
    """
    settings = role_settings()
    now = {
        "PORTAL_ADMINS": settings.admins,
        "PORTAL_AUDITORS": settings.auditors,
        "BITBUCKET_WORKSPACES": settings.workspaces,
        "INVENTORY_MODE": frozenset({django_settings.INVENTORY_MODE}),
        "OFFBOARDING_ACCOUNT": frozenset({django_settings.OFFBOARDING_ACCOUNT}),
    }
    return [name for name, value in now.items() if _record_difference(name, value, acting_user)]


def _record_difference(name: str, value: frozenset[str], acting_user: Acting) -> bool:
    with transaction.atomic():
        row, _ = RecordedSetting.objects.select_for_update().get_or_create(name=name)
        before = frozenset(row.value)
        if before == value:
            return False
        row.value = sorted(value)
        row.recorded_at = timezone.now()
        row.save()
        trail.record(
            Tag.SETTINGS_CHANGED,
            actor=actor(acting_user),
            subject=trail.Subject(type="setting", id=name, label=name),
            added=sorted(value - before),
            removed=sorted(before - value),
        )
        return True
