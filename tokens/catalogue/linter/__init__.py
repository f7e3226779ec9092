"""What there is to say about a template before it is published. Pure: the same draft, the same words.

Errors keep a draft from being published; warnings ask for a second thought; notes are what people should know.
"""

from tokens.catalogue.linter.approval import check_approval
from tokens.catalogue.linter.kinds import ACCESS_TOKENS, OFFERED_KINDS, check_kinds
from tokens.catalogue.linter.model import (
    LINT_LEVELS,
    RULE_NAMES,
    LintContext,
    LintLevel,
    LintMessage,
    RuleName,
    TemplateDraft,
    UseEvidence,
)
from tokens.catalogue.linter.scopes import check_scopes
from tokens.catalogue.linter.use import check_use
from tokens.catalogue.linter.words import check_words

__all__ = [
    "ACCESS_TOKENS",
    "OFFERED_KINDS",
    "RULE_NAMES",
    "LintLevel",
    "LintMessage",
    "RuleName",
    "TemplateDraft",
    "UseEvidence",
    "errors_of",
    "lint",
]

_RULES = (check_words, check_scopes, check_kinds, check_approval, check_use)


def lint(draft: TemplateDraft, evidence: UseEvidence | None = None, *, shipped: bool = False) -> list[LintMessage]:
    """Everything there is to say about a draft: errors first, then warnings, then notes.

    Args:
        evidence: what the requests for the template showed so far.
        shipped: whether the draft comes with the project, which is held to more.
    """
    context = LintContext(evidence or UseEvidence(), shipped)
    said = [message for rule in _RULES for message in rule(draft, context)]
    return sorted(dict.fromkeys(said), key=lambda message: LINT_LEVELS.index(message.level))


def errors_of(messages: list[LintMessage]) -> list[LintMessage]:
    """The messages that keep a draft from being published."""
    return [message for message in messages if message.level == "error"]
