"""The rule about what use showed: broader than every request ever needed."""

from collections.abc import Iterator

from tokens.catalogue.linter.model import LintContext, LintMessage, TemplateDraft, UseEvidence
from tokens.catalogue.linter.scopes import short


def check_use(draft: TemplateDraft, context: LintContext) -> Iterator[LintMessage]:
    """Name the scopes that nobody needed so far, with how many requests say so."""
    evidence = context.evidence
    if not evidence.asked and not evidence.smaller:
        return
    spare = set(draft.scopes) - evidence.needed - evidence.granted
    if spare:
        sentence = f"{_counts(evidence)}: nobody needed {short(spare)} so far."
        yield LintMessage("warning", "broader_than_needed", "scopes", sentence)


def _counts(evidence: UseEvidence) -> str:
    parts = []
    if evidence.asked:
        parts.append(f"{_requests(evidence.asked)} said what they need")
    if evidence.smaller:
        parts.append(f"{_requests(evidence.smaller)} ended with a smaller set")
    return " and ".join(parts)


def _requests(number: int) -> str:
    return "1 request" if number == 1 else f"{number} requests"
