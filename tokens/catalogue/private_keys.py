"""Private keys in a text: whole, and the pieces that a hasty copy leaves of one.

What is looked for: the lines around a block (PEM, OpenSSH, SSH2, PGP) and the headers of old and of PuTTY's files, with
or without their line ends and quotation signs; the beginnings that every written form has
(https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key; RFC 5208, 5915, 5958 and 8017); a block that was
encoded once more, as build servers want it; and several full lines of base64 that belong to nothing public.
"""

import base64
import re
from collections.abc import Iterator
from typing import Final

from tokens.catalogue.masking_words import HIDDEN

Span = tuple[int, int]

_BASE64: Final = r"[A-Za-z0-9+/]"
_BETWEEN: Final = r"[\s>|]{1,8}"
# A last line is short. Where line ends were lost, it is told from somebody's next word by a digit, by its padding, or
# by its length.
_LAST_LINE: Final = (
    rf"(?:(?:[ \t\r]{{0,4}}\n[>| \t]{{0,8}}{_BASE64}{{1,76}}={{0,2}}"
    rf"|{_BETWEEN}(?:{_BASE64}{{1,76}}={{1,2}}|(?=[A-Za-z+/]{{0,75}}[0-9]){_BASE64}{{8,76}}"
    rf"|{_BASE64}{{16,76}}))(?!\S))?+"
)

# --- the lines around a block, and headers ---

# Word processors make one long dash of two short ones.
_DASH: Final = r"[-\u2010-\u2015]"
_NAME: Final = r"(?-i:(?P<{}>BEGIN|END) ?[A-Z0-9 ]{{0,40}}?PRIVATE ?KEY(?: ?BLOCK)?)"
_MARK: Final = re.compile(
    rf"(?:-{{2,8}}|[\u2010-\u2015]{{1,8}}) ?{_NAME.format('side')} ?{_DASH}{{0,8}}"
    rf"|(?<![A-Za-z]){_NAME.format('bare')} ?(?:-{{2,8}}|[\u2010-\u2015]{{1,8}})"
    r"|(?P<opening>PuTTY-User-Key-File-|Private-Lines:|Proc-Type: ?4, ?ENCRYPTED|DEK-Info:)"
    r"|(?P<closing>Private-(?:MAC|Hash):\s{0,8}[0-9a-z+/]*+)",
    re.IGNORECASE,
)
_MARK_NEEDLES: Final = ("private", "putty-user-key", "proc-type", "dek-info")

# --- what a key begins with ---


def _inside_base64(text: bytes) -> list[str]:
    """What its base64 always holds, whatever stands before and after, for each of the three alignments."""
    padded = [b"\0" * shift + text for shift in range(3)]
    # A first or last character that holds bits of a neighbour as well is left out.
    return [base64.b64encode(one).decode()[(0, 2, 3)[shift] : len(one) * 8 // 6] for shift, one in enumerate(padded)]


_TELLING: Final = tuple(
    piece for text in (b"openssh-key-v1", b"PRIVATE KEY-----", b"PuTTY-User-Key-File") for piece in _inside_base64(text)
)
_TELLING_PATTERN: Final = re.compile("|".join(map(re.escape, _TELLING)))
# PKCS#1, PKCS#8 and RFC 5958 with a long key; PKCS#8 and RFC 5915 with one of middle length; both with a short one;
# PKCS#8 under a password, long and of middle length.
_BEGINNING_NEEDLES: Final = ("MI", "CAQ")
_BEGINNING: Final = re.compile(
    rf"(?<!{_BASE64})(?:"
    rf"MII{_BASE64}{{3}}IBA(?:AK|D|T)"
    rf"|MI[GH]{_BASE64}AgE[AB]"
    rf"|M[A-H]{_BASE64}CAQ(?:Aw|Ew|EE)"
    rf"|MII{_BASE64}{{5}}BgkqhkiG9w0B(?:BQ|DA)"
    rf"|MI[GH]{_BASE64}M{_BASE64}{{2}}GCSqGSIb3DQE[FM]"
    rf")(?={_BASE64}{{16}})"
)
_AFTER: Final = re.compile(rf"{_BASE64}*+={{0,2}}(?:{_BETWEEN}{_BASE64}{{32,}}+={{0,2}})*+{_LAST_LINE}")
# Read backwards: the last line may be short, those before it are not.
_BEFORE: Final = re.compile(rf"[\s>|]{{0,8}}={{0,2}}{_BASE64}*+(?:{_BETWEEN}={{0,2}}{_BASE64}{{32,}}+)*+")

# --- lines out of the middle ---

_FULL_LINES: Final = (64, 70, 76)
_SHORTEST_MIDDLE: Final = 2 * min(_FULL_LINES)
_LINES: Final = "|".join(
    rf"{_BASE64}{{{length}}}(?!{_BASE64})(?:{_BETWEEN}{_BASE64}{{{length}}}(?!{_BASE64}))++" for length in _FULL_LINES
)
# What is public is matched first and passed over: blocks that say so, and OpenSSH's own lines, whose key begins with
# the length of a short name.
_PUBLIC_BLOCK: Final = (
    rf"{_DASH}{{2,8}} ?BEGIN (?![A-Z0-9 ]{{0,40}}PRIVATE)[A-Z0-9 ]{{1,40}}{_DASH}{{2,8}}"
    rf"(?:{_BETWEEN}[\w-]{{1,64}}: [^\n]{{0,200}}(?=\n))*+(?:{_BETWEEN}{_BASE64}{{1,80}}={{0,2}})*+"
)
_PUBLIC_LINE: Final = (
    rf"(?:(?<![\w-])(?:ssh|ecdsa|sk)-[\w@.-]{{1,60}}{_BETWEEN}AAAA|(?<!{_BASE64})AAAA[BCE][23])"
    rf"{_BASE64}*+(?:{_BETWEEN}{_BASE64}{{60,}}+)*+"
)
_MIDDLE: Final = re.compile(
    rf"(?P<public>{_PUBLIC_BLOCK}|{_PUBLIC_LINE})|(?<!{_BASE64})(?:{_LINES})={{0,2}}{_LAST_LINE}"
)


def has_private_key(text: str) -> bool:
    """Whether a private key, or a piece that can be told from other texts, stands in it. Any text, never raises."""
    return next(_spans(text), None) is not None


def hide_private_keys(text: str) -> str:
    """The text with ``***`` in the place of every private key and every piece of one."""
    parts, end = [], 0
    for start, stop in sorted(_spans(text)):
        if start >= end:
            parts += [text[end:start], HIDDEN]
        end = max(end, stop)
    return "".join([*parts, text[end:]])


def _spans(text: str) -> Iterator[Span]:
    yield from _marked(text)
    if any(piece in text for piece in _TELLING):
        yield from _beginning_with(_TELLING_PATTERN, text)
    if any(piece in text for piece in _BEGINNING_NEEDLES):
        yield from _beginning_with(_BEGINNING, text)
    if len(text) > _SHORTEST_MIDDLE:
        yield from _middles(text)


def _marked(text: str) -> Iterator[Span]:
    """From a beginning to its end, or to the text's; from the base64 before an end that has no beginning."""
    lower = text.lower()
    if not any(needle in lower for needle in _MARK_NEEDLES):
        return
    opened, done = -1, 0
    for mark in _MARK.finditer(text):
        if mark["closing"] is None and "END" not in (mark["side"], mark["bare"]):
            opened = mark.start() if opened < 0 else opened
            continue
        start = opened if opened >= 0 else mark.start() - _length_before(text[done : mark.start()])
        opened, done = -1, mark.end()
        yield start, done
    if opened >= 0:
        yield opened, len(text)


def _beginning_with(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    done = 0
    while found := pattern.search(text, done):
        before = text[done : found.start()]
        is_glued = re.match(_BASE64, before[-1:]) is not None
        start = found.start() - (_length_before(before) if is_glued else 0)
        after = _AFTER.match(text, found.end())
        done = after.end() if after else found.end()
        yield start, done


def _length_before(text: str) -> int:
    found = _BEFORE.match(text[::-1])
    return len(found[0].rstrip()) if found else 0


def _middles(text: str) -> Iterator[Span]:
    for found in _MIDDLE.finditer(text):
        if found["public"] is None and _is_mixed(found[0]):
            yield found.span()


def _is_mixed(text: str) -> bool:
    """Whether letters of both cases and digits stand in it: lists of hexadecimal digests are no keys."""
    return all(re.search(signs, text) for signs in ("[g-z]", "[G-Z]", "[0-9]"))
