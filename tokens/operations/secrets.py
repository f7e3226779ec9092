"""Writing down what pipelines hold, and asking for it where somebody could start them."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Person
from tokens.inventory.planning import requests_left
from tokens.inventory.reach import WRITES
from tokens.inventory.secrets import ENVIRONMENTS, LACKS, PARTS, VARIABLES, Found, secured_in
from tokens.models import Repository
from workqueue.bulk import enqueue_many

FRESH_FOR = timedelta(days=7)
# A bot that lacks the scope is not asked for every repository; one of them shows when it has it.
REFUSED_FOR = timedelta(hours=24)
AT_ONCE = 100
# Variables, environments with the variables of two, runners.
REQUESTS_EACH = 5


def write_secrets(repository: Repository, found: Found, unread: dict[str, str], *, at: datetime) -> None:
    """Keep what was counted. A part that could not be read keeps its older numbers, and says why.

    Args:
        repository: locked, or read in this transaction.
        found: by part.
        unread: by part, why not.
        at: when the read began.
    """
    known: dict[str, Any] = {part: repository.secrets[part] for part in PARTS if part in repository.secrets}
    known |= found
    times = repository.secrets.get("at", {}) | {part: at.isoformat() for part in found}
    repository.secrets = known | {
        "at": times,
        "unread": unread,
        "tried_at": at.isoformat(),
        "secured": secured_in(known),
    }
    if VARIABLES in found and ENVIRONMENTS in found:
        repository.secrets_observed_at = at
    repository.save(update_fields=["secrets", "secrets_observed_at"])


def ask_for_secrets(person: Person) -> int:
    """Have counted what pipelines hold that somebody could start: of the repositories they may write, oldest first.

    Call it inside a transaction. It asks for no more than a quarter of what is left of the hour.

    Returns:
        How many repositories will be looked at.
    """
    now = timezone.now()
    if not settings.AUDIT_BOT_EMAIL:
        return 0
    most = min(AT_ONCE, requests_left() // 4 // REQUESTS_EACH)
    if most and _is_refused(now):
        most = 1
    stale = Q(secrets__tried_at__isnull=True) | Q(secrets__tried_at__lt=(now - FRESH_FOR).isoformat())
    writable = Repository.objects.filter(
        stale, gone_at=None, effective_rights__person=person, effective_rights__permission__in=WRITES
    )
    chosen = writable.order_by(F("secrets_observed_at").asc(nulls_first=True), "pk").values_list("pk", flat=True)
    return enqueue_many("read_secrets", [secrets_job(pk, now) for pk in chosen[:most]])


def secrets_job(repository_id: int, now: datetime) -> tuple[str, dict[str, int | str]]:
    """Key and payload of one repository's row of work: at most one an hour."""
    return f"{repository_id}:{now:%Y-%m-%dT%H}", {"repository": repository_id}


def _is_refused(now: datetime) -> bool:
    recently = Repository.objects.filter(secrets__tried_at__gte=(now - REFUSED_FOR).isoformat())
    newest = recently.order_by("-secrets__tried_at").values_list("secrets__unread__variables", flat=True).first()
    return bool(newest and str(newest).startswith(LACKS))
