"""Evidence packs: what the portal says about one matter, signed, in one file that can be checked without the portal."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from audit import verifier
from audit.content import JsonValue, RefusedContent, clean_details, clean_text, refuse_secret, time_text
from audit.models import ChainHead, Event, EvidencePack
from audit.signing import SigningKey, configured_key
from audit.tags import Tag
from audit.trail import LABEL_LENGTH, Actor, Subject, record

README, VERIFIER = "README.txt", "verify.py"
_OURS = frozenset({README.lower(), VERIFIER.lower(), verifier.MANIFEST, verifier.SIGNATURE})
_LINES = ".jsonl"
_PART = re.compile(r"[a-z][a-z0-9_-]{0,40}")
_NO_ATTACHMENTS: Mapping[str, bytes] = MappingProxyType({})

Line = Mapping[str, JsonValue]


def build_pack(
    name: str,
    parts: Mapping[str, Iterable[Line]],
    *,
    about: Mapping[str, JsonValue],
    made_at: datetime,
    attachments: Mapping[str, bytes] = _NO_ATTACHMENTS,
) -> bytes:
    """Make a signed pack; the same input, key and trail give the same bytes.

    Args:
        name: what the pack is, for people.
        parts: lines by the part's name, each part a file ``<part>.jsonl``. A part ``events`` must be lines of
            `lines_of_events`.
        about: what the pack is about, for the manifest.
        made_at: when it was made.
        attachments: further files by their name.

    Returns:
        A ZIP, already checked as its readers will check it.

    Raises:
        NoSigningKey: this process has no key; the message says so in words.
        RefusedContent: something looks like a secret, is not plain JSON, or has a name that no pack may hold.
        DoesNotHold: the events are not the trail's, or the pack is larger than one may be.
    """
    key = configured_key()
    title = _title(name)
    files = {
        README: _readme(title, made_at, key).encode(),
        VERIFIER: _own_verifier(),
        **{_part_file(part): _written(lines) for part, lines in parts.items()},
        **_attached(attachments),
    }
    if len({file.lower() for file in files}) < len(files):
        raise RefusedContent("Two files of the pack have the same name.")
    manifest = {
        "format": verifier.FORMAT,
        "name": title,
        "about": clean_details(about),
        "made_at": time_text(made_at),
        "key_id": key.key_id,
        # Read after the lines: no event in them is newer.
        "head": _head(),
        "files": [_entry(file, content) for file, content in files.items()],
    }
    pack = _signed(files, manifest, key)
    verifier.check(pack, base64.b64decode(key.public_text))
    return pack


def lines_of_events(events: QuerySet[Event]) -> Iterator[Line]:
    """Events as the lines of a part ``events``: what each hash covers, and the hash, in the trail's order."""
    for event in events.order_by("seq").iterator():
        yield event.content() | {"hash": event.hash}


def store_pack(pack: bytes, *, subject: Subject, made_by: Actor) -> EvidencePack:
    """Keep a pack for ever, and record its SHA-256 in the trail as the last statement of the transaction.

    Args:
        pack: what `build_pack` made; name, time and key are taken from its manifest.
        subject: what it is about.
        made_by: who asked for it.
    """
    manifest = json.loads(verifier.files_in(pack)[verifier.MANIFEST])
    with transaction.atomic():
        stored = EvidencePack.objects.create(
            name=manifest["name"],
            subject_type=subject.type,
            subject_id=subject.id,
            subject_label=subject.label[:LABEL_LENGTH],
            made_at=datetime.fromisoformat(manifest["made_at"]),
            made_by=made_by.label[:LABEL_LENGTH],
            content=pack,
            size=len(pack),
            sha256=hashlib.sha256(pack).hexdigest(),
            key_id=manifest["key_id"],
        )
        record(
            Tag.PACK_MADE,
            actor=made_by,
            subject=subject,
            pack=stored.pk,
            name=stored.name,
            sha256=stored.sha256,
            signed_with=stored.key_id,
            bytes=stored.size,
        )
    return stored


def _title(name: str) -> str:
    title = clean_text(name)[:LABEL_LENGTH]
    refuse_secret(title, where="name")
    return title


def _part_file(part: str) -> str:
    if not _PART.fullmatch(part):
        raise RefusedContent(f"A part of a pack may not be called {part!r}.")
    return f"{part}{_LINES}"


def _written(lines: Iterable[Line]) -> bytes:
    return b"".join(verifier.canonical(clean_details(line)) + b"\n" for line in lines)


def _attached(attachments: Mapping[str, bytes]) -> dict[str, bytes]:
    for file, content in attachments.items():
        if not verifier.FILE_NAME.fullmatch(file) or file.lower() in _OURS or file.lower().endswith(_LINES):
            raise RefusedContent(f"A file of a pack may not be called {file!r}.")
        refuse_secret(content.decode("utf-8", "replace"), where=file)
    return dict(attachments)


def _head() -> dict[str, JsonValue]:
    head = ChainHead.objects.filter(id=1).first() or ChainHead()
    return {"seq": head.seq, "hash": head.hash}


def _entry(file: str, content: bytes) -> dict[str, JsonValue]:
    entry: dict[str, JsonValue] = {
        "name": file,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return entry | {"lines": content.count(b"\n")} if file.endswith(_LINES) else entry


def _signed(files: Mapping[str, bytes], manifest: Mapping[str, Any], key: SigningKey) -> bytes:
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False).encode() + b"\n"
    signature = base64.b64encode(key.sign(text)) + b"\n"
    return verifier.archive({**files, verifier.MANIFEST: text, verifier.SIGNATURE: signature})


def _own_verifier() -> bytes:
    return Path(verifier.__file__).read_bytes()


def _readme(title: str, made_at: datetime, key: SigningKey) -> str:
    return f"""{title}

An evidence pack of the credential portal, made {time_text(made_at)}, signed with key {key.key_id}.

To check it you need Python 3.8 or newer, and the portal's public key from somewhere else than this file, for instance
from where your auditors keep it (an administrator prints it with: manage.py signing_key). No key is in here, because
a forger would put in their own; for the same reason, use a verify.py that you did not get with this pack if you can.

    python verify.py PACK.zip --key FILE

It ends with 0 and says what it found, or with 1 and names the first thing that does not hold. Check the ZIP as you
were given it; unpack it only to read it. Where the portal runs, this does the same and compares with its trail too:

    python manage.py verify_audit --pack PACK.zip --key FILE

manifest.json    what the pack is about, each file's size and SHA-256, the key's id, and the newest event of the whole
                 trail at that time ("head")
manifest.sig     the Ed25519 signature of manifest.json, in base64
*.jsonl          one JSON object a line; events.jsonl are events of the audit trail, each with its own hash
"""
