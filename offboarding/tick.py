"""What follows from time passing. Each part is idempotent: two beats, or none for a while, do no harm."""

import logging
from collections.abc import Callable

from offboarding.operations.scheduling import remind_of_keys, start_due_plans
from offboarding.radar import draft_for_who_left
from offboarding.signing import note_signing_key

logger = logging.getLogger(__name__)
_PARTS: tuple[Callable[[], object], ...] = (start_due_plans, draft_for_who_left, remind_of_keys, note_signing_key)


def tick() -> None:
    """Do each part; one that fails stops none of the others."""
    for part in _PARTS:
        try:
            part()
        except Exception:
            logger.exception("%s failed.", part.__name__)
