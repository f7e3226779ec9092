#!/usr/bin/env python3
"""Checks an evidence pack of the credential portal: python verify.py PACK --key FILE

It needs Python 3.8 or newer and nothing else, so it can be read, kept and run where the portal cannot reach.
FILE holds the portal's public key, as `manage.py signing_key` prints it: base64 or hexadecimal, 32 bytes; lines that
begin with # are passed over. The key must come from somewhere else than the pack: whoever forges a pack would put
their own key into it, so none is looked for there.

It ends with 0 and what was found, with 1 and the first thing that does not hold, or with 2 where it was called wrongly.

Signatures are Ed25519, https://www.rfc-editor.org/rfc/rfc8032 (5.1.7, without the cofactor). Nothing secret is computed
with, so nothing here needs to take the same time for every number.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import struct
import sys
from collections import abc
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = "evidence-pack-1"
MANIFEST, SIGNATURE, EVENTS = "manifest.json", "manifest.sig", "events.jsonl"
LARGEST_PACK = 256 * 1024 * 1024
MOST_FILES = 1000
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class DoesNotHold(Exception):
    """The first thing in a pack that is not as it was signed, in words."""


class NoKey(ValueError):
    """A text holds no public key that may be used."""


# --- Ed25519: points are (x, y, z, t) with x/z and y/z on the curve and xy = zt (RFC 8032, 5.1.4) -------------------

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_KEY_BYTES, _SIGNATURE_BYTES = 32, 64


class _Point(NamedTuple):
    x: int
    y: int
    z: int
    t: int


def _sum(one: _Point, other: _Point) -> _Point:
    a = (one.y - one.x) * (other.y - other.x) % _P
    b = (one.y + one.x) * (other.y + other.x) % _P
    c = 2 * one.t * other.t * _D % _P
    d = 2 * one.z * other.z % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return _Point(e * f % _P, g * h % _P, f * g % _P, e * h % _P)


_NEUTRAL = _Point(0, 1, 1, 0)


def _times(number: int, point: _Point) -> _Point:
    result = _NEUTRAL
    while number:
        if number & 1:
            result = _sum(result, point)
        point = _sum(point, point)
        number >>= 1
    return result


def _is_same(one: _Point, other: _Point) -> bool:
    return not ((one.x * other.z - other.x * one.z) % _P or (one.y * other.z - other.y * one.z) % _P)


def _point_from(text: bytes) -> _Point | None:
    """A point from its 32 bytes; None where they are not the one spelling of a point (RFC 8032, 5.1.3)."""
    number = int.from_bytes(text, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if len(text) != _KEY_BYTES or y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return _Point(x, y, 1, x * y % _P)


def _base_point() -> _Point:
    point = _point_from((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))
    assert point is not None
    return point


_BASE = _base_point()


def public_point(key: bytes) -> _Point | None:
    """The point of a public key; None where it is none, or one of the eight under which anything could seem signed."""
    point = _point_from(key)
    return None if point is None or _is_same(_times(8, point), _NEUTRAL) else point


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature of a message fits a public key.

    Args:
        key: the raw public key, 32 bytes.
        message: what was signed.
        signature: 64 bytes; one whose second half is not below the group's order is refused.
    """
    if len(signature) != _SIGNATURE_BYTES:
        return False
    public, commitment = public_point(key), _point_from(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or scalar >= _ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % _ORDER
    return _is_same(_times(scalar, _BASE), _sum(commitment, _times(challenge, public)))


def key_from_text(text: str) -> bytes:
    """The raw public key in a key file's text.

    Raises:
        NoKey: there is none, more than one, or one that proves nothing.
    """
    lines = [line.strip() for line in text.splitlines()]
    found = [line for line in lines if line and not line.startswith("#")]
    if len(found) != 1:
        raise NoKey("it must hold one public key, in one line")
    try:
        key = bytes.fromhex(found[0]) if len(found[0]) == 2 * _KEY_BYTES else base64.b64decode(found[0], validate=True)
    except ValueError:
        key = b""
    if public_point(key) is None:
        raise NoKey("it holds no Ed25519 public key (32 bytes, in base64 or hexadecimal)")
    return key


def key_id_of(key: bytes) -> str:
    """A public key's short name: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(key).hexdigest()[:16]


# --- The archive: a ZIP of one layout, byte for byte, so that nothing can hide between its files --------------------

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_MADE_BY, _NEEDS = 3 << 8 | 20, 10  # by a Unix program; any program can read it
_NO_TIME, _FIRST_DAY = 0, 0x21  # 1980-01-01, the first day a ZIP knows
_PLAIN_FILE = 0o100644 << 16


def archive(files: abc.Mapping[str, bytes]) -> bytes:
    """A ZIP of these files in this order: stored, not compressed, all of the same old date.

    Args:
        files: contents by name; the names are as `FILE_NAME` wants them.
    """
    body, directory, offset = [], [], 0
    for name, content in files.items():
        shared = (0, 0, _NO_TIME, _FIRST_DAY, binascii.crc32(content), len(content), len(content), len(name), 0)
        entry = _LOCAL.pack(_LOCAL_MARK, _NEEDS, *shared) + name.encode() + content
        directory.append(_CENTRAL.pack(_CENTRAL_MARK, _MADE_BY, _NEEDS, *shared, 0, 0, 0, _PLAIN_FILE, offset))
        directory.append(name.encode())
        body.append(entry)
        offset += len(entry)
    index = b"".join(directory)
    end = _END.pack(_END_MARK, 0, 0, len(body), len(body), len(index), offset, 0)
    return b"".join([*body, index, end])


def files_in(pack: bytes) -> dict[str, bytes]:
    """The files of a pack, in its order.

    Raises:
        DoesNotHold: it is no archive, or holds a name that is twice there or could lead out of its folder.
    """
    files: dict[str, bytes] = {}
    known: set[str] = set()  # in lower case: some systems take README.TXT for README.txt
    offset = 0
    while pack[offset : offset + 4] == _LOCAL_MARK:
        name, start, end = _next_file(pack, offset)
        if name.lower() in known:
            raise DoesNotHold(f"The pack holds {name} twice.")
        if len(files) == MOST_FILES:
            raise DoesNotHold(f"The pack holds more than {MOST_FILES} files.")
        files[name] = pack[start:end]
        known.add(name.lower())
        offset = end
    if not files:
        raise DoesNotHold("This is no evidence pack: it does not begin as a ZIP.")
    return files


def _next_file(pack: bytes, offset: int) -> tuple[str, int, int]:
    start = offset + _LOCAL.size
    if start > len(pack):
        raise DoesNotHold("The pack ends in the middle of a file's head.")
    fields = _LOCAL.unpack_from(pack, offset)
    size, name_length, extra_length = fields[7], fields[9], fields[10]
    name = pack[start : start + name_length].decode("ascii", "replace")
    if not FILE_NAME.fullmatch(name):
        raise DoesNotHold("The pack holds a file whose name no pack may hold.")
    if fields[2:4] != (0, 0) or fields[7] != fields[8] or extra_length:
        raise DoesNotHold(f"{_REWRAPPED} ({name} is compressed, or has additions).")
    start += name_length
    if start + size > len(pack):
        raise DoesNotHold(f"The pack ends in the middle of {name}.")
    return name, start, start + size


_REWRAPPED = "The pack is not packed as the portal packs: check the file as it was handed out, not a repacked one"


# --- The pack -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Head:
    """The newest event of the whole trail when the pack was made."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Report:
    """What a pack that holds says.

    Attributes:
        manifest: what was signed.
        key_id: the short name of the key that it was checked with.
        made_at: when it was made, in UTC.
        head: the trail's newest event when the pack was made.
        events: how many audit events it holds; None where it has no file of them.
    """

    manifest: dict[str, Any]
    key_id: str
    made_at: str
    head: Head
    events: int | None

    def words(self) -> str:
        """What was found, and what that proves."""
        files = len(self.manifest["files"])
        found = [f"The pack holds: {files} files, as signed with key {self.key_id}, made {self.made_at}."]
        if self.events is not None:
            found.append(
                f"Its {self.events} audit events are in order and each fits its own hash: none was altered alone. "
                "Whether one was left out, only the whole trail can show; its newest event then was "
                f"{self.head.seq}, hash {self.head.hash}."
            )
        return "\n".join(found)


def check(pack: bytes, key: bytes) -> Report:
    """Check everything in a pack.

    Args:
        pack: the ZIP's bytes.
        key: the raw public key, from elsewhere.

    Raises:
        DoesNotHold: with the first thing that does not.
    """
    if len(pack) > LARGEST_PACK:
        raise DoesNotHold(f"The pack is larger than {LARGEST_PACK} bytes.")
    files = files_in(pack)
    manifest = _signed_manifest(files, key)
    try:
        named = {entry["name"]: entry for entry in manifest["files"]}
        if len(named) < len(manifest["files"]):
            raise DoesNotHold(f"{MANIFEST} names a file twice.")
        head = _head_from(manifest["head"])
        _check_files(files, named)
        order = [*named, MANIFEST, SIGNATURE]
        if list(files) != order or archive(files) != pack:
            raise DoesNotHold(f"{_REWRAPPED}.")
        events = _check_events(files[EVENTS], head) if EVENTS in files else None
        return Report(manifest, key_id_of(key), str(manifest["made_at"]), head, events)
    except (KeyError, TypeError, AttributeError, RecursionError):
        raise DoesNotHold(f"{MANIFEST} is signed but says something that a {FORMAT} does not say.") from None


def _head_from(entry: abc.Mapping[str, Any]) -> Head:
    seq, text = entry["seq"], entry["hash"]
    if type(seq) is not int or not isinstance(text, str):
        raise TypeError
    return Head(seq, text)


def _signed_manifest(files: abc.Mapping[str, bytes], key: bytes) -> dict[str, Any]:
    """The manifest; it is not even parsed before its signature held."""
    for name in (MANIFEST, SIGNATURE):
        if name not in files:
            raise DoesNotHold(f"The pack has no {name}.")
    try:
        signature = base64.b64decode(files[SIGNATURE].strip(), validate=True)
    except ValueError:
        signature = b""
    if base64.b64encode(signature) + b"\n" != files[SIGNATURE]:
        raise DoesNotHold(f"{SIGNATURE} holds no signature.")
    if not is_signed(key, files[MANIFEST], signature):
        raise DoesNotHold(
            f"{MANIFEST} is not what key {key_id_of(key)} signed: it was changed, or another key signed it."
        )
    manifest = _object_from(files[MANIFEST], MANIFEST)
    if manifest.get("format") != FORMAT:
        raise DoesNotHold(f"{MANIFEST} is not of the format {FORMAT}: use the verify.py of the portal that made it.")
    if manifest.get("key_id") != key_id_of(key):
        raise DoesNotHold(f"{MANIFEST} names another key than the one that signed it.")
    return manifest


def _check_files(files: abc.Mapping[str, bytes], named: abc.Mapping[str, abc.Mapping[str, Any]]) -> None:
    for name in files:
        if name not in (MANIFEST, SIGNATURE) and name not in named:
            raise DoesNotHold(f"The pack holds {name}, which its manifest does not name.")
    for name, entry in named.items():
        if name not in files:
            raise DoesNotHold(f"The pack lacks {name}, which its manifest names.")
        content = files[name]
        if len(content) != entry["bytes"] or hashlib.sha256(content).hexdigest() != entry["sha256"]:
            raise DoesNotHold(f"{name} is not the file that was signed: its size or its SHA-256 is another.")
        if name.endswith(".jsonl") and sum(1 for _ in _objects_in(content, name)) != entry["lines"]:
            raise DoesNotHold(f"{name} has another number of lines than its manifest says.")


def _objects_in(content: bytes, name: str) -> abc.Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines, each spelled in the one way that a pack spells it."""
    *lines, rest = content.split(b"\n")
    if rest:
        raise DoesNotHold(f"{name} ends in the middle of a line.")
    for number, line in enumerate(lines, start=1):
        found = _object_from(line, f"{name}, line {number},")
        if canonical(found) != line:
            raise DoesNotHold(f"{name}, line {number}, is not spelled as a pack spells JSON.")
        yield found


def _object_from(text: bytes, where: str) -> dict[str, Any]:
    try:
        found = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise DoesNotHold(f"{where} is no JSON object.")
    return found


def canonical(fields: abc.Mapping[str, Any]) -> bytes:
    """JSON with sorted keys, no spaces and real characters, in UTF-8."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")


# --- The audit events in it -----------------------------------------------------------------------------------------

_EVENT_FORMAT = b"audit-event-1\n"


def _check_events(content: bytes, head: Head) -> int:
    """How many events there are, when each is whole and they are in the trail's order.

    They are those about one matter, so numbers are missing between them; where two follow each other directly, the
    second must name the first's hash.
    """
    last = Head(0, "")
    moment, count = "", 0
    for event in _objects_in(content, EVENTS):
        found = _event_head(event)
        _check_place(event, found, last, head)
        if event["at"] < moment:
            raise DoesNotHold(f"{EVENTS}: event {found.seq} is older than the one before it.")
        last, moment, count = found, event["at"], count + 1
    return count


def _event_head(event: abc.Mapping[str, Any]) -> Head:
    """The event's number and hash, when the hash is the one of its content."""
    seq, claimed = event.get("seq"), event.get("hash")
    if type(seq) is not int or not isinstance(claimed, str) or not isinstance(event.get("at"), str):
        raise DoesNotHold(f"{EVENTS}: a line is no audit event.")
    content = {name: value for name, value in event.items() if name != "hash"}
    if hashlib.sha256(_EVENT_FORMAT + canonical(content)).hexdigest() != claimed:
        raise DoesNotHold(f"{EVENTS}: event {seq} was altered: its hash does not fit its content.")
    return Head(seq, claimed)


def _check_place(event: abc.Mapping[str, Any], found: Head, last: Head, head: Head) -> None:
    if found.seq <= last.seq:
        raise DoesNotHold(f"{EVENTS}: event {found.seq} stands after event {last.seq}.")
    if last.hash and found.seq == last.seq + 1 and event.get("previous_hash") != last.hash:
        raise DoesNotHold(f"{EVENTS}: event {found.seq} does not follow event {last.seq}.")
    if found.seq > head.seq or (found.seq == head.seq and found.hash != head.hash):
        raise DoesNotHold(f"{EVENTS}: event {found.seq} does not fit the trail's head, event {head.seq}.")


# --- The command ----------------------------------------------------------------------------------------------------


def pack_from_file(path: Path) -> bytes:
    """Read a pack, but never more than one may be.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(LARGEST_PACK + 1)


def key_from_file(path: Path) -> bytes:
    """Read a key file.

    Raises:
        OSError: it cannot be read.
        NoKey: it holds none.
    """
    with path.open("rb") as file:
        return key_from_text(file.read(10_000).decode("ascii", "replace"))


def main(arguments: abc.Iterable[str] | None = None) -> int:
    """Check the pack that the command line names; returns how the command ends."""
    parser = argparse.ArgumentParser(prog="verify.py", description="Check an evidence pack of the credential portal.")
    parser.add_argument("pack", type=Path, metavar="PACK", help="the ZIP file")
    parser.add_argument("--key", type=Path, required=True, help="file with the public key; not from the pack")
    options = parser.parse_args(None if arguments is None else list(arguments))
    try:
        pack, key = pack_from_file(options.pack), key_from_file(options.key)
    except OSError as problem:
        parser.error(f"{problem.filename} cannot be read: {problem.strerror}")
    except NoKey as problem:
        parser.error(f"{options.key} cannot be used: {problem}")
    try:
        report = check(pack, key)
    except DoesNotHold as problem:
        sys.stderr.write(f"The pack does not hold. {problem}\n")
        return 1
    sys.stdout.write(f"{report.words()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
