"""Rules about the scopes themselves."""

from collections.abc import Iterable, Iterator
from typing import Final

from tokens.catalogue.data import API_SCOPES, SCOPE_BY_NAME, SERVICE_BY_SLUG, SUFFIX
from tokens.catalogue.linter.model import LintContext, LintLevel, LintMessage, TemplateDraft
from tokens.catalogue.masking import mask
from tokens.catalogue.model import Scope
from tokens.catalogue.rules import may_be_issued_at_once, risk_sentences

QUOTED_LENGTH: Final = 60
NEVER_SHIPPED: Final = frozenset({"write:ssh-key" + SUFFIX, "admin:workspace" + SUFFIX})
_WILD_WORDS: Final = frozenset({"all", "any", "everything"})
_GONE_CLASSIC: Final = frozenset({"project:write", "issue", "issue:write", "wiki"})
# Words of tasks that git itself does; for those, writing without reading cannot work at all.
_GIT_WORDS: Final = ("push", "clone", "pull", "fetch", "check out", "git", "commit", "branch", "tag")
# Who may do what is read with the scope of the repository or project (REST introduction), not with read:permission.
_READ_WITH: Final = {"permissions": ("read:repository" + SUFFIX, "read:project" + SUFFIX)}


def is_wildcard(name: str) -> bool:
    """Whether a scope's name stands for more than itself: `*`, `all`, `read:*`."""
    return "*" in name or not _WILD_WORDS.isdisjoint(name.lower().split(":"))


def needs_reason(name: str) -> bool:
    """Whether a known scope administers, deletes, makes credentials or decides who gets in."""
    scope = SCOPE_BY_NAME.get(name)
    return scope is not None and scope.removed_on is None and not may_be_issued_at_once([name], 1)


def short(names: Iterable[str]) -> str:
    """Scopes as people say them: without the suffix, sorted, with commas."""
    return ", ".join(name.removesuffix(SUFFIX) for name in sorted(names))


def quoted(name: str) -> str:
    """A name that somebody typed, short and without what looks like a secret."""
    return mask(name)[:QUOTED_LENGTH]


def check_scopes(draft: TemplateDraft, context: LintContext) -> Iterator[LintMessage]:
    """Say what is wrong with the scopes of a draft, and what surprises people about them."""
    if not draft.scopes:
        yield _message("error", "no_scopes", "It opens nothing: pick at least one level or scope.")
    for name in sorted(set(draft.scopes)):
        yield from _name(name)
    yield from _levels(draft)
    yield from _reading(draft)
    yield from _reasons(draft, context)
    for sentence in risk_sentences(draft.scopes):
        yield _message("note", "risk_fact", sentence)


def _message(level: LintLevel, code: str, sentence: str) -> LintMessage:
    return LintMessage(level, code, "scopes", sentence)


def _name(name: str) -> Iterator[LintMessage]:
    scope = SCOPE_BY_NAME.get(name)
    if is_wildcard(name):
        yield _message("error", "wildcard_scope", f"{quoted(name)} stands for more than itself. Name each scope.")
    elif name in _GONE_CLASSIC or (scope is not None and _is_removed(scope)):
        yield _message("error", "removed_service", f"{name} reaches nothing any more: Bitbucket took it away.")
    elif scope is None:
        yield _message("error", "unknown_scope", f"The catalogue does not know {quoted(name)}. Check the spelling.")
    elif scope.dialect == "classic":
        sentence = f"{name} is a classic scope. A template holds API-token scopes, which end in {SUFFIX}."
        yield _message("error", "classic_scope", sentence)
    elif scope.certainty == "unconfirmed":
        sentence = f"Bitbucket's own list does not name {name}: whether it is offered is not known."
        yield _message("warning", "unconfirmed_scope", sentence)


def _is_removed(scope: Scope) -> bool:
    service = SERVICE_BY_SLUG.get(scope.service_slug)
    return scope.removed_on is not None or (service is not None and service.removed_on is not None)


def _levels(draft: TemplateDraft) -> Iterator[LintMessage]:
    for service_slug, level_slug in draft.services_levels:
        service = SERVICE_BY_SLUG.get(service_slug)
        level = next((one for one in service.levels if one.slug == level_slug), None) if service else None
        label = f"{service_slug}:{level_slug}"
        if level is None:
            yield LintMessage("error", "unknown_level", "levels", f"The catalogue knows no level {quoted(label)}.")
        elif not set(level.api_token) <= set(draft.scopes):
            lacking = short(set(level.api_token) - set(draft.scopes))
            sentence = f"The level {label} stands for {lacking} too, which is not among the scopes."
            yield LintMessage("error", "level_not_in_scopes", "levels", sentence)


def _reading(draft: TemplateDraft) -> Iterator[LintMessage]:
    held = set(draft.scopes)
    for scope in (scope for scope in API_SCOPES if scope.name in held):
        reads = _reads_for(scope)
        if scope.verb == "read" or scope.removed_on is not None or not reads or held & set(reads):
            continue
        written = scope.name.removesuffix(SUFFIX)
        if written == "write:repository":
            level: LintLevel = "error" if _works_with_git(draft) else "warning"
            sentence = "Git reads before it pushes: with write:repository alone every push is refused."
            yield _message(level, "push_without_read", f"{sentence} Add read:repository.")
        else:
            wanted = " or ".join(name.removesuffix(SUFFIX) for name in reads)
            sentence = f"{written} does not include reading: add {wanted}, unless nothing is looked at first."
            yield _message("warning", "write_without_read", sentence)


def _reads_for(scope: Scope) -> tuple[str, ...]:
    """The scopes with which the same things are read; none where there are none."""
    if scope.service_slug in _READ_WITH:
        return _READ_WITH[scope.service_slug]
    _, _, what = scope.name.partition(":")
    return tuple(name for name in (f"read:{what}",) if name in SCOPE_BY_NAME)


def _works_with_git(draft: TemplateDraft) -> bool:
    words = " ".join(draft.tasks).lower()
    return "deploy_key" in draft.kinds or any(word in words for word in _GIT_WORDS)


def _reasons(draft: TemplateDraft, context: LintContext) -> Iterator[LintMessage]:
    strong = {name for name in draft.scopes if needs_reason(name)}
    if strong and not draft.justification.strip():
        sentence = f"{short(strong)}: say why it has to administer, delete, make credentials or decide who gets in."
        yield LintMessage("error", "needs_reason", "justification", sentence)
    never = NEVER_SHIPPED & set(draft.scopes)
    if never:
        level: LintLevel = "error" if context.shipped else "warning"
        sentence = f"{short(never)}: think twice. It outlives or outranks everything else a template can give."
        yield _message(level, "never_shipped", sentence)
