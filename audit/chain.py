"""Checking the trail: does every event follow the one before it, unaltered, from the first to the head?"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from audit.content import hash_of, time_text
from audit.models import BEGINNING, CONTENT_FIELDS, GENESIS_HASH, ChainHead, Event

CHUNK = 2000


@dataclass(frozen=True)
class Head:
    """An event's number and hash, as kept outside the database."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold, and what is wrong there in words."""

    seq: int
    reason: str


@dataclass(frozen=True)
class Verdict:
    """What a check found.

    Attributes:
        events: how many events hold, from the first on.
        head: the newest event that holds; None in an empty trail.
        broken: the first that does not; None when all do.
        proven_up_to: number of the newest anchored event; later ones rest on the database alone.
    """

    events: int
    head: Head | None
    broken: Break | None
    proven_up_to: int = 0

    @property
    def holds(self) -> bool:
        """Is every event where and what it was recorded as?"""
        return self.broken is None


@dataclass
class _Walk:
    """The state of one pass over the events."""

    anchors: dict[int, str]
    head: Head = field(default_factory=lambda: Head(0, GENESIS_HASH))
    at: Any = BEGINNING

    def problem(self, values: tuple[Any, ...]) -> Break | None:
        """Why this event cannot follow the last one; None when it does, and then it is the last one."""
        content = dict(zip(CONTENT_FIELDS, values, strict=False))
        seq, at, claimed = content["seq"], content["at"], values[-1]
        expected = self.head.seq + 1
        if seq != expected:
            return Break(expected, f"event {expected} is missing; the next one is {seq}")
        if content["previous_hash"] != self.head.hash:
            return Break(seq, f"event {seq} does not follow event {self.head.seq}")
        content["at"] = time_text(at)
        if hash_of(content) != claimed:
            return Break(seq, f"event {seq} was altered: its hash does not fit its content")
        if at < self.at:
            return Break(seq, f"event {seq} is older than the one before it")
        if self.anchors.get(seq, claimed) != claimed:
            return Break(seq, f"event {seq} is not the one that was anchored")
        self.head, self.at = Head(seq, claimed), at
        return None


def verify_chain(anchors: Iterable[Head] = ()) -> Verdict:
    """Read the whole trail in order and check every link.

    Args:
        anchors: heads kept outside the database. Without one, somebody who may switch the triggers off can
            cut the tail or rewrite everything; what is newer than the newest anchor is not proven so far.

    Returns:
        The verdict, with the first event that does not hold.
    """
    known = {anchor.seq: anchor.hash for anchor in anchors}
    walk = _Walk(known)
    # The head is read first: events that come while we read are only more.
    stored = ChainHead.objects.filter(id=1).first()
    for values in _rows():
        broken = walk.problem(values)
        if broken:
            return _verdict(walk, broken)
    return _verdict(walk, _missing_tail(walk.head, stored, known))


def _rows() -> Iterator[tuple[Any, ...]]:
    return Event.objects.order_by("seq").values_list(*CONTENT_FIELDS, "hash").iterator(chunk_size=CHUNK)


def _missing_tail(last: Head, stored: ChainHead | None, anchors: dict[int, str]) -> Break | None:
    newest = max(anchors, default=0)
    if newest > last.seq:
        return Break(last.seq + 1, f"event {last.seq + 1} is missing: an anchor knows event {newest}")
    if stored is None:
        return Break(1, "the chain's head row is missing") if last.seq else None
    if stored.seq > last.seq:
        return Break(last.seq + 1, f"event {last.seq + 1} is missing: the chain's head is event {stored.seq}")
    if stored.seq == last.seq and stored.hash != last.hash:
        return Break(last.seq, f"event {last.seq} is not the chain's head")
    return None


def _verdict(walk: _Walk, broken: Break | None) -> Verdict:
    proven = max((seq for seq in walk.anchors if seq <= walk.head.seq), default=0)
    return Verdict(walk.head.seq, walk.head if walk.head.seq else None, broken, proven)


def heads_from_lines(lines: Sequence[str]) -> list[Head]:
    """Read an anchor file: one JSON object a line with ``seq`` and ``hash``; empty lines are skipped.

    Raises:
        ValueError: a line is not that; the message names its number.
    """
    heads = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            heads.append(_head(number, line))
    return heads


def _head(number: int, line: str) -> Head:
    try:
        entry = json.loads(line)
        return Head(int(entry["seq"]), str(entry["hash"]))
    except (ValueError, TypeError, KeyError):
        raise ValueError(f"Line {number} of the anchor file is not a head (seq and hash).") from None


def line_from_head(head: Head) -> str:
    """A head as one line of an anchor file, without the line's end."""
    return json.dumps({"seq": head.seq, "hash": head.hash})
