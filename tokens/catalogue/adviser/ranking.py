"""The kinds that a template may be issued as, in the order in which they serve: for a machine the one that runs as a
person comes last."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tokens.catalogue.adviser.kinds import AS_PERSON, WHY_TOKEN, KindChoice, wider_kinds

PERSONAL: Final = "api_token"
_WHY: Final[dict[str, str]] = {
    PERSONAL: "It acts as the person who makes it and is the only kind people can make for themselves.",
    "deploy_key": "It only reads, by git over SSH, and opens one repository or project. The portal adds it and takes it"
    " away again; nobody has a secret to pass on.",
    **{f"{place}_access_token": words for place, words in WHY_TOKEN.items()},
}


@dataclass(frozen=True, slots=True)
class RankedKind:
    """A kind and why it stands where it stands, in words."""

    slug: str
    reason: str


def ranked_kinds(kinds: Sequence[str], *, by_machine: bool, choice: KindChoice | None = None) -> tuple[RankedKind, ...]:
    """Put a template's kinds in order, the one to take first.

    Args:
        kinds: what it is issued as, in its own order.
        by_machine: whether a machine will use it; a person can only make the kind that is theirs.
        choice: what the adviser chose, where somebody asked it; it goes first where the template is issued as that.
    """
    if not by_machine:
        return tuple(RankedKind(slug, _reason(slug, choice, by_machine)) for slug in kinds if slug == PERSONAL)
    fitting = wider_kinds(choice.slug) if choice else ()
    # A sort keeps the template's own order among equals.
    order = sorted(kinds, key=lambda slug: (slug == PERSONAL, fitting.index(slug) if slug in fitting else len(fitting)))
    return tuple(RankedKind(slug, _reason(slug, choice, by_machine)) for slug in order)


def _reason(slug: str, choice: KindChoice | None, by_machine: bool) -> str:
    if choice is not None and slug == choice.slug:
        return choice.reason
    said = dict(choice.others).get(slug, "") if choice else ""
    return said or (AS_PERSON if slug == PERSONAL and by_machine else _WHY[slug])
