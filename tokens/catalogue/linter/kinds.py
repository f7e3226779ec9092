"""Rules about the kinds of credential: which can carry the scopes, and what comes along in the classic dialect."""

from collections.abc import Iterator
from typing import Final

from tokens.catalogue.data import GIT_ONLY, KIND_BY_SLUG, SCOPE_BY_NAME, SUFFIX
from tokens.catalogue.linter.model import LintContext, LintLevel, LintMessage, TemplateDraft
from tokens.catalogue.linter.scopes import needs_reason, quoted, short
from tokens.catalogue.model import Cover
from tokens.catalogue.rules import can_be_issued_as, classic_cover

ACCESS_TOKENS: Final = ("repository_access_token", "project_access_token", "workspace_access_token")
OFFERED_KINDS: Final = ("api_token", *ACCESS_TOKENS, "deploy_key")
"""What a template may be issued as, in the order of the form."""

_ONLY_READING: Final = frozenset({"read:repository" + SUFFIX})


def check_kinds(draft: TemplateDraft, _: LintContext) -> Iterator[LintMessage]:
    """Say which kinds cannot carry a draft and what the others add."""
    if not draft.kinds:
        yield _message("error", "no_kinds", "Pick at least one kind of credential that may carry it.")
    for kind in dict.fromkeys(draft.kinds):
        yield from _kind(draft, kind)
    strange = sorted(set(draft.machine_kinds) - set(draft.kinds))
    if strange:
        names = ", ".join(_name(kind) for kind in strange)
        sentence = f"{names} is only for a machine, but is not among the kinds at all."
        yield LintMessage("error", "machine_kind_not_allowed", "machine_kinds", sentence)


def _message(level: LintLevel, code: str, sentence: str) -> LintMessage:
    return LintMessage(level, code, "kinds", sentence)


def _name(kind: str) -> str:
    return KIND_BY_SLUG[kind].name if kind in KIND_BY_SLUG else quoted(kind)


def _is_alive(name: str) -> bool:
    scope = SCOPE_BY_NAME.get(name)
    return scope is not None and scope.dialect == "api_token" and scope.removed_on is None


def _kind(draft: TemplateDraft, kind: str) -> Iterator[LintMessage]:
    known = [name for name in draft.scopes if _is_alive(name)]
    if kind not in KIND_BY_SLUG:
        yield _message("error", "unknown_kind", f"The catalogue knows no kind of credential called {quoted(kind)}.")
    elif kind not in OFFERED_KINDS:
        sentence = f"{_name(kind)}: a template cannot be issued as that. Pick an API token, an access token or a key."
        yield _message("error", "kind_not_offered", sentence)
    elif kind == "deploy_key":
        yield from _deploy_key(frozenset(known))
    elif kind in ACCESS_TOKENS and known:
        yield from _access_token(draft, kind, classic_cover(known, kind=kind))
    elif known and not can_be_issued_as(kind, known):
        sentence = f"{_name(kind)}: it cannot carry all of these scopes."
        yield _message("error", "kind_cannot_carry", sentence)


def _deploy_key(known: frozenset[str]) -> Iterator[LintMessage]:
    if not known or known == _ONLY_READING:
        return
    if known <= GIT_ONLY:
        sentence = "A deploy key that may push has no end and nobody behind it: leave read:repository alone."
    else:
        sentence = "A deploy key knows git alone: take it off, or leave read:repository as the only scope."
    yield _message("error", "deploy_key_beyond_read", sentence)


def _access_token(draft: TemplateDraft, kind: str, cover: Cover) -> Iterator[LintMessage]:
    name = _name(kind)
    if cover.not_covered:
        sentence = f"{name}: no classic scope that it may carry reaches {short(cover.not_covered)}."
        yield _message("error", "kind_cannot_carry", sentence)
    too_much = [scope for scope in cover.adds if needs_reason(scope)]
    if too_much:
        sentence = f"As a {name.lower()} it also opens {short(too_much)}: too much, so do not issue it as one."
        yield _message("error", "cover_adds_too_much", sentence)
    elif cover.adds:
        yield _added(draft, name, cover)
    if cover.unproven:
        sentence = f"{name}: that {short(cover.unproven)} reaches it is inferred, nowhere written."
        yield _message("note", "cover_unproven", sentence)


def _added(draft: TemplateDraft, name: str, cover: Cover) -> LintMessage:
    classic = f"its classic scopes are {short(cover.scopes)}"
    sentence = f"As a {name.lower()} it also opens {short(cover.adds)}, because {classic}."
    if _is_acknowledged(draft, cover):
        return _message("note", "cover_adds", f"{sentence} The guidance says so.")
    advice = 'If that is meant, say so in the guidance or the reason: write "access token" and name these scopes.'
    return _message("warning", "cover_adds", f"{sentence} {advice}")


def _is_acknowledged(draft: TemplateDraft, cover: Cover) -> bool:
    """Whether the texts say that access tokens open more, and name each scope that comes along."""
    text = f"{draft.guidance}\n{draft.justification}".lower()
    return "access token" in text and all(scope.removesuffix(SUFFIX) in text for scope in cover.adds)
