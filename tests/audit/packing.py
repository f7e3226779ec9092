"""Packs for tests, and other people's keys."""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from audit import verifier
from audit.models import Event
from audit.packs import build_pack, lines_of_events
from audit.signing import SigningKey
from tests.audit.events import happen

SEED = bytes(range(32))
OURS, THEIRS = SigningKey(SEED), SigningKey(bytes(32))
KEY_TEXT = base64.b64encode(SEED).decode()
PUBLIC = base64.b64decode(OURS.public_text)
MADE_AT = datetime(2026, 1, 31, 9, 15, tzinfo=UTC)
REPORT = b"%PDF-1.7\n\x00\xff not really\n"

Files = dict[str, bytes]


def a_pack(**attachments: bytes) -> bytes:
    """A pack of three events, two of which follow each other, a part of its own and a file."""
    for number in range(4):
        happen(number=number)
    parts: dict[str, Any] = {
        "events": lines_of_events(Event.objects.exclude(seq=2)),
        "steps": [{"step": "list tokens", "answer": 200}, {"step": "Łukasz: last grant", "answer": None}],
    }
    return build_pack(
        "Offboarding of Lee",
        parts,
        about={"account_id": "712020:lee", "reference": "HR-7"},
        made_at=MADE_AT,
        attachments={"report.pdf": REPORT, **attachments},
    )


def changed(pack: bytes, change: Callable[[Files], None]) -> bytes:
    """The pack with its files changed, in a right archive."""
    files = verifier.files_in(pack)
    change(files)
    return verifier.archive(files)


def signed_again(
    pack: bytes, key: SigningKey, change: Callable[[dict[str, Any]], None], files: Mapping[str, bytes] | None = None
) -> bytes:
    """The pack with another manifest and other files, signed by whoever has a key."""
    manifest = json.loads(verifier.files_in(pack)[verifier.MANIFEST])
    change(manifest)
    text = json.dumps(manifest).encode()

    def put(found: Files) -> None:
        found.update(files or {})
        found[verifier.MANIFEST] = text
        found[verifier.SIGNATURE] = base64.b64encode(key.sign(text)) + b"\n"

    return changed(pack, put)


def key_file(folder: Path, key: SigningKey = OURS) -> Path:
    """A file with a public key."""
    path = folder / "portal.key"
    path.write_text(f"# kept by the auditors\n{key.public_text}\n")
    return path
