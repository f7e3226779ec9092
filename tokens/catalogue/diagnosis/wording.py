"""Sentences about scopes that depend on what the text says."""

from collections.abc import Iterable

from tokens.catalogue.diagnosis.model import ScopeGap


def scope_facts(gap: ScopeGap | None) -> tuple[str, ...]:
    """What a refusal says about scopes, in sentences; nothing where it is not about scopes."""
    if gap is None:
        return ()
    if gap.missing:
        return (f"Missing: {listed(gap.missing)}.", *_other_dialect(gap))
    if gap.required:
        return (
            (
                f"By their names nothing is missing: Bitbucket wants {listed(gap.required)}, and the credential has"
                f" {listed(gap.granted or ())}. Perhaps the call was made with another credential than you think."
            ),
        )
    if gap.api_token:
        return (
            f"The text does not name the scope. What was tried needs {listed(gap.api_token)}.",
            *_other_dialect(gap),
        )
    return ("The text does not name the scope. Bitbucket's answer does, behind “required”: paste that too.",)


def _other_dialect(gap: ScopeGap) -> tuple[str, ...]:
    sentences = []
    if tuple(gap.api_token) != gap.missing and gap.api_token and gap.missing:
        sentences.append(f"For an API token that is {listed(gap.api_token)}.")
    if gap.classic and tuple(gap.classic) != gap.missing:
        sentences.append(f"For an access token or OAuth it is {listed(gap.classic)}.")
    if gap.without_counterpart:
        sentences.append(f"Access tokens and OAuth never get {listed(gap.without_counterpart)}.")
    return tuple(sentences)


def listed(names: Iterable[str]) -> str:
    """Names in a row: "a", "a and b", "a, b and c"; "nothing" for none."""
    names = list(names)
    if not names:
        return "nothing"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
