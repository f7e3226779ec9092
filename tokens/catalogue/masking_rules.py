"""The places a secret stands in, as patterns, in the order in which they are hidden.

Each rule names the texts of which one stands in every match, so an ordinary log line costs a few substring
searches. Hiding too much is the cheaper mistake, but what says *why* something failed stays: the scheme of an
Authorization header, Bitbucket's fixed git user names, an e-mail address used as a user name.
"""

import base64
import re
from dataclasses import dataclass
from typing import Final

from tokens.catalogue.masking_words import (
    HIDDEN,
    Replacement,
    hide_after_colon,
    hide_user_info,
    hide_word,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of place. `needles` are in lower case."""

    needles: tuple[str, ...]
    pattern: re.Pattern[str]
    replacement: Replacement


def _rule(needles: str, pattern: str, replacement: Replacement, *, flags: re.RegexFlag = re.IGNORECASE) -> Rule:
    return Rule(tuple(needles.split()), re.compile(pattern, flags | re.MULTILINE), replacement)


# A value as a shell, a JSON text or a log writes it: quoted, quoted inside another quotation, or bare.
_QUOTED = r""""(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?"""
_QUOTED_TWICE = r"""(?P<slashes>\\{1,7})["'](?:(?!(?<!\\)(?P=slashes)["'])[^\n])*(?:(?P=slashes)["'])?"""
_PLACEHOLDER = r"""<[a-z][a-z _-]{0,60}>(?=[\s"'&,;)}\]]|$)"""
# What ends a value in JSON ends it here too, right after a quotation mark; elsewhere it may be part of it.
_BARE = r"""[^\s"'\\&,;)}\]]|(?<!["'])[,;)}\]]"""
# An ampersand ends a value in a URL; in a word that starts with a quotation mark a shell put the pieces together.
_PIECED = rf"""(?=["'])(?:{_QUOTED}|\\.|&(?=\S)|{_BARE})+"""
_WORD = rf"""(?P<word>{_QUOTED_TWICE}|{_PLACEHOLDER}|{_PIECED}|(?:{_QUOTED}|\\.|{_BARE})+)"""
_SHELL_WORD = rf"""(?P<word>{_PLACEHOLDER}|(?:{_QUOTED}|\\.|&|{_BARE})+)"""
# Blanks, and the end of a line that a shell joins with the next.
_GAP = r"(?:\s|[\\^`][ \t]*\r?\n)*"
_BLANK = r"(?:[ \t]|%20|\\[ ])"
_OPENING = r"""(?:b?\\{0,7}["'])?"""


# --- secrets known by their own shape ---

_CHARACTER = r"(?:[A-Za-z0-9_=+~-]|%[0-9A-Fa-f]{2}|\\u00[0-9A-Fa-f]{2}|&\#(?:61|[xX]3[dD]);)"
_PREFIXES = ("ATAT", "ATBB", "ATCT")
_PORTAL_PREFIX = "bcps_"  # the portal's own service tokens


def _either_way(text: str) -> str:
    return "".join(f"(?:{letter}|%(?i:{ord(letter):x}))" for letter in text)


# Words in capitals (DATATYPE, ATATURK) are no tokens, and neither is the prefix alone.
_NO_WORD = rf"(?![A-Z_-]{{0,20}}(?!{_CHARACTER}))"
_TOKEN = rf"(?:{'|'.join(map(_either_way, _PREFIXES))}){_NO_WORD}{_CHARACTER}{{4,}}"
_SERVICE_TOKEN = rf"{_either_way(_PORTAL_PREFIX)}(?={_CHARACTER}{{0,64}}[0-9A-Z]){_CHARACTER}{{8,}}"


def _base64_of(prefix: str) -> list[str]:
    # The characters that stay the same whatever stands before and after, for each of the three alignments.
    encoded = [base64.b64encode(b"\0" * shift + prefix.encode() + b"\0\0\0").decode() for shift in range(3)]
    return [encoded[0][:5], "[EUk0]" + encoded[1][2:6], encoded[2][3:8]]


_BASE64_OF_TOKEN = re.compile("|".join(part for prefix in _PREFIXES for part in _base64_of(prefix)))
_BASE64 = r"[A-Za-z0-9+/_-]"
_BASE64_LINES = rf"(?:(?:{_BASE64}{{64}}|{_BASE64}{{76}})\r?\n)+{_BASE64}{{1,76}}"
_BASE64_RUN = rf"(?<!{_BASE64})(?:{_BASE64_LINES}|{_BASE64}{{16,}})={{0,2}}"


def _hide_if_base64_of_token(match: re.Match[str]) -> str:
    return HIDDEN if _BASE64_OF_TOKEN.search(match[0]) else match[0]


_BY_SHAPE = (
    _rule("atat atbb atct %41 %54 %42 %43", _TOKEN, HIDDEN, flags=re.NOFLAG),
    _rule("bcps %62 %63 %70 %73", _SERVICE_TOKEN, HIDDEN, flags=re.NOFLAG),
    _rule("qvr fuq bve", _BASE64_RUN, _hide_if_base64_of_token, flags=re.NOFLAG),
    _rule("eyj", r"\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?", HIDDEN, flags=re.NOFLAG),
    _rule(
        "gh glpat xox akia",
        r"\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[a-z]-[\w-]{10,}|AKIA[0-9A-Z]{16})",
        HIDDEN,
        flags=re.NOFLAG,
    ),
)

# --- addresses and command lines ---

# A quotation mark may stand in a password, but not where it closes a JSON text.
_INFO_CHARACTER = r"""(?:[^\s/?#"'<>\\]|["'](?![,:;)}\]\s]|$))"""
_IN_PLACES = (
    _rule("@", rf"(?P<before>://)(?P<info>{_INFO_CHARACTER}{{1,1024}})@", hide_user_info),
    # A slash, ? or # in a password ends the host for a machine but not for the person who typed it.
    _rule(
        "@",
        r"""(?P<before>//)(?P<info>[^\s/?#@:"'<>]{0,256}:(?!\d{1,5}(?:[/?#\s]|$))[^\s"'<>@]{1,1024})@""",
        hide_user_info,
    ),
    _rule(
        "%40",
        r"""(?P<before>%3a%2f%2f)(?P<info>(?:(?!%2f|%3f|%23|%40)[^\s&"'<>]){1,1024})%40""",
        r"\g<before>***%40",
    ),
    _rule(
        "@",
        r"(?P<before>)(?P<info>[^\s/@:]{1,256}:[^\s/@]{1,512})@(?=(?:[\w-]{1,63}\.)?(?:bitbucket\.org|atlassian\.(?:com|net)))",
        hide_user_info,
    ),
    _rule(
        "-",
        rf"(?P<before>(?<![^\s\"'(`])(?:--(?:proxy-)?user(?:={_GAP}|(?=\s){_GAP})|-[a-z#]{{0,8}}u{_GAP}=?)){_SHELL_WORD}",
        hide_after_colon,
    ),
    _rule(
        "--",
        r"(?P<before>--[a-z-]{0,30}(?:token|password|secret|pass|api-key)[ \t]+)(?!--[a-z-]+(?:[ \t=]|$))"
        + _SHELL_WORD,
        hide_word,
    ),
    _rule(
        "login",
        r"(?P<before>\b(?:docker|podman|helm|oc)[ \t][^\n]{0,100}?login[^\n]{0,100}?[ \t]-p[ \t]*)" + _SHELL_WORD,
        hide_word,
    ),
    _rule("login", rf"(?P<before>\blogin\s+\S{{1,256}}\s+password\s+){_SHELL_WORD}", hide_word),
)

# --- headers ---

_HEADER_SEPARATOR = rf"""\\{{0,7}}["']?{_BLANK}*(?:=>|[:=]|%3a|%3d){_BLANK}*{_OPENING}{_BLANK}*"""
_SCHEME = r"(?:basic|bearer|token|jwt|apikey)"
_HEADERS = (
    _rule(
        "authorization",
        rf"""(authorization{_HEADER_SEPARATOR}{_SCHEME}(?:{_BLANK}|\+)+)[^\s"'\\&]+""",
        rf"\g<1>{HIDDEN}",
    ),
    _rule(
        "authorization",
        rf"""((?>authorization{_HEADER_SEPARATOR}))(?!{_SCHEME}(?:[ \t]|%20|\\[ ]|\+)|\*\*\*)[^\r\n"'\\]+""",
        rf"\g<1>{HIDDEN}",
    ),
    _rule(
        "bearer basic",
        r"\b((?:bearer|basic)(?:[ \t]|%20)+)(?=[\w.~+/=-]*(?-i:[0-9=A-Z._]))[\w.~+/=-]{16,}",
        rf"\g<1>{HIDDEN}",
    ),
    _rule("cookie", rf"""\b((?>(?:set-)?cookie{_HEADER_SEPARATOR}))[^\r\n"'\\]+""", rf"\g<1>{HIDDEN}"),
    _rule(
        "-token -key -secret",
        rf"""((?:x-[a-z-]{{0,30}}|private|job|deploy|api)-(?:token|key|secret){_HEADER_SEPARATOR})[^\s"'\\]+""",
        rf"\g<1>{HIDDEN}",
    ),
)

# --- names with values ---

_NAME = (
    r"(?:token|password|passwd|passphrase|pwd|secrets?|peppers?|sessionid|api[_-]?key"
    r"|(?:secret|private|access|signing|encryption|audit|revoke|oauth|client)[_-]?key)"
)
_PAIR_NEEDLES = "token passw passphrase pwd secret pepper sessionid key"
_PAIRS = (
    # git hands passwords to its helpers as whole lines, whatever stands in them.
    _rule("password=", r"(?P<before>^password=)(?P<word>[^\r\n]+)", hide_word),
    _rule(
        _PAIR_NEEDLES,
        rf"""(?P<before>{_NAME}\\{{0,7}}["']?{_BLANK}*(?:=>|=|%3d){_BLANK}*b?(?:%22)?){_WORD}""",
        hide_word,
    ),
    _rule(
        _PAIR_NEEDLES + " auth",
        rf"""(?P<before>(?:{_NAME}|\bauth)(?:\\{{0,7}}["']|%22)[ \t]*(?::|%3a)[ \t]*b?(?:%22)?){_WORD}""",
        hide_word,
    ),
    _rule(_PAIR_NEEDLES, rf"(?P<before>{_NAME}:[ \t]+){_SHELL_WORD}(?=[ \t]*$)", hide_word),
    _rule("code=", r"""(?P<before>[?&]code=)(?P<word>[^\s&"'<>]+)""", hide_word),
)

# Shapes come last: hiding a part of a password first could take away what shows where it stands.
RULES: Final[tuple[Rule, ...]] = (*_IN_PLACES, *_HEADERS, *_PAIRS, *_BY_SHAPE)
SECRET_NAME: Final = re.compile(rf"(?:.*[._-])?(?:{_NAME}|(?:proxy-)?authorization|(?:set-)?cookie)", re.IGNORECASE)
