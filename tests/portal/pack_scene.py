"""A kept pack, for the pages that hand it out; what is in it does not matter there."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from audit.models import EvidencePack

CONTENT = b"PK\x03\x04 of a pack"


def a_stored_pack(_: Any = None) -> list[Any]:
    """The number of a pack that is there."""
    stored = EvidencePack.objects.create(
        name="Offboarding of Lee",
        subject_type="person",
        subject_id="712020:lee",
        subject_label="Lee",
        made_at=datetime(2026, 1, 31, tzinfo=UTC),
        made_by="Ada",
        content=CONTENT,
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        key_id="0" * 16,
    )
    return [stored.pk]
