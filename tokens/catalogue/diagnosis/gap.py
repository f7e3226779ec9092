"""What a refusal says about scopes, and what is missing, told in both dialects.

Bitbucket's 403 names what it wants and what it was given. With an API token the given names are granular while the
wanted ones may be classic (https://community.atlassian.com/forums/Bitbucket-questions/ERROR-APPROVE-PR-FOR-API-TOKEN-PERSONAL/qaq-p/3226160),
so the two are never compared letter by letter.
"""

import re
from collections.abc import Iterable
from typing import Final

from tokens.catalogue.data import SCOPE_BY_NAME, SERVICES, SUFFIX
from tokens.catalogue.diagnosis.model import ScopeGap
from tokens.catalogue.diagnosis.reading import Reading
from tokens.catalogue.rules import api_reach, classic_cover, expand_classic

_SCOPE: Final = r"(?!x-)[a-z][a-z_-]{1,39}(?::[a-z_-]{1,40}){0,2}"
_NO_SCOPES: Final = frozenset({"null", "none", "nil", "array", "granted", "required", "detail", "map"})
_ASSIGNED: Final = r"[\"'\]]{0,2} ?(?:=>|[:=]) ?[\"']?"
_BARE: Final = rf"(?P<bare>{_SCOPE}(?: ?, ?{_SCOPE}){{0,60}})"
_LIST: Final = rf"(?:array ?\((?P<php>[^)]{{0,2000}})|[\[({{](?P<inside>[^\])}}]{{0,2000}})|{_BARE}|(?P<nothing>[\"']))"
_REQUIRED: Final = re.compile(rf"\brequired{_ASSIGNED}{_LIST}")
_GRANTED: Final = re.compile(rf"\bgranted{_ASSIGNED}{_LIST}")
_HEADER_VALUE: Final = rf"[\"']? ?(?::|=>|=) ?[\"'\[]{{0,2}}{_BARE}?(?P<inside>)(?P<php>)"
_ACCEPTED_HEADER: Final = re.compile(r"x-accepted-oauth-scopes" + _HEADER_VALUE)
_GRANTED_HEADER: Final = re.compile(r"x-oauth-scopes" + _HEADER_VALUE)
_FIND_SCOPE: Final = re.compile(_SCOPE)

_VERBS: Final = frozenset({"read", "write", "admin", "delete"})
_METHODS: Final = (
    ("method_get", frozenset({"read"})),
    ("method_delete", frozenset({"delete"})),
    ("method_write", frozenset({"read", "write"})),
)


def gap_in(reading: Reading, near: int, signs: Iterable[str]) -> ScopeGap:
    """The gap that a text tells of.

    Args:
        reading: the text.
        near: the place of the telling line: where several refusals stand in a log, the closest one counts.
        signs: the names of the text's signs, for the HTTP method and the kind of credential.
    """
    required = _closest(_REQUIRED, reading.text, near)
    granted = _closest(_GRANTED, reading.text, near)
    if required is None:
        required, granted = _in_headers(_ACCEPTED_HEADER, reading), _in_headers(_GRANTED_HEADER, reading)
    if required is None:
        return ScopeGap(granted=granted)
    return _gap(required, granted, frozenset(signs))


def suggested_gap(api_token_scopes: Iterable[str]) -> ScopeGap:
    """A gap that the text does not name but the circumstances do: nothing in it counts as missing."""
    return _told_both_ways(ScopeGap(), frozenset(api_token_scopes))


def _closest(pattern: re.Pattern[str], text: str, near: int) -> tuple[str, ...] | None:
    match = min(pattern.finditer(text), key=lambda found: abs(found.start() - near), default=None)
    return None if match is None else _names(match)


def _in_headers(pattern: re.Pattern[str], reading: Reading) -> tuple[str, ...] | None:
    if "oauth-scopes" not in reading.text:
        return None
    matches = (pattern.search(line) for line in reading.lines())
    return next((_names(match) for match in matches if match), None)


def _names(match: re.Match[str]) -> tuple[str, ...]:
    listed = match["inside"] or match["php"] or match["bare"] or ""
    return tuple(sorted(set(_FIND_SCOPE.findall(listed)) - _NO_SCOPES))


def _gap(required: tuple[str, ...], granted: tuple[str, ...] | None, signs: frozenset[str]) -> ScopeGap:
    has = frozenset(granted or ())
    speaks_granular = any(map(_is_granular, has)) or (not has and "api_token_kind" in signs)
    if speaks_granular:
        needed = _as_api_token(_own_dialect(required, granular=True), signs)
        missing = needed - has
    elif has and not any(map(_is_granular, _own_dialect(required, granular=False))):
        missing = frozenset(_own_dialect(required, granular=False)) - expand_classic(has)
    else:
        missing = frozenset(_own_dialect(required, granular=True)) - has - api_reach(has)
    gap = ScopeGap(required=required, granted=granted, missing=tuple(sorted(missing)))
    return _told_both_ways(gap, _as_api_token(missing, signs))


def _own_dialect(required: tuple[str, ...], *, granular: bool) -> tuple[str, ...]:
    """The names of one dialect where the text gives both for the same thing; otherwise all of them."""
    return tuple(name for name in required if _is_granular(name) is granular) or required


def _told_both_ways(gap: ScopeGap, api_token: frozenset[str]) -> ScopeGap:
    known = frozenset(name for name in api_token if name in SCOPE_BY_NAME and SCOPE_BY_NAME[name].removed_on is None)
    cover = classic_cover(known)
    stated = tuple(name for name in gap.missing if not _is_granular(name))
    return ScopeGap(
        required=gap.required,
        granted=gap.granted,
        missing=gap.missing,
        api_token=tuple(sorted(api_token)),
        classic=stated or cover.scopes,
        without_counterpart=() if stated else cover.not_covered,
    )


def _as_api_token(names: Iterable[str], signs: frozenset[str]) -> frozenset[str]:
    """Each classic name as the API-token scopes it is about, and not as all that it once implied."""
    told: set[str] = set()
    for name in names:
        told |= {name} if _is_granular(name) else _bundle(name, signs)
    return frozenset(told)


def _bundle(classic: str, signs: frozenset[str]) -> frozenset[str]:
    levels = [level for service in SERVICES for level in service.levels if level.classic == classic]
    bundle = frozenset(scope for level in levels for scope in level.api_token)
    if any(SCOPE_BY_NAME[scope].verb == "delete" for scope in bundle) and len(bundle) > 1:
        bundle = _narrowed(bundle, signs)
    return bundle or frozenset({classic})


def _narrowed(bundle: frozenset[str], signs: frozenset[str]) -> frozenset[str]:
    """What one classic scope allows is three of the other dialect; the HTTP method says which of them is meant."""
    for method, verbs in _METHODS:
        if method in signs:
            return frozenset(scope for scope in bundle if SCOPE_BY_NAME[scope].verb in verbs) or bundle
    return bundle


def _is_granular(name: str) -> bool:
    # Bitbucket's token page also offers read:account and read:me, which carry no suffix.
    return name.endswith(SUFFIX) or name.partition(":")[0] in _VERBS
