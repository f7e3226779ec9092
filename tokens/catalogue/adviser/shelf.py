"""Which template covers a set best."""

from collections.abc import Iterable
from dataclasses import dataclass

from tokens.catalogue.adviser.model import UsedBy


@dataclass(frozen=True, slots=True)
class Offer:
    """A template on the shelf, as the adviser sees it. `scopes` are API-token scopes."""

    slug: str
    scopes: frozenset[str]
    kinds: tuple[str, ...] = ()
    used_by_machine: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """How far a template covers a set: what it adds, and what it lacks; both sorted."""

    slug: str
    excess: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def covers(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def closest_template(
    needed: Iterable[str], shelf: Iterable[Offer], *, used_by: UsedBy | None = None, kind: str = ""
) -> Match | None:
    """The template with the fewest missing scopes, then the least excess, then the first slug.

    Args:
        needed: API-token scopes.
        used_by: where it is known, of two that fit alike the one made for that user goes first.
        kind: only templates that may be issued as this kind; "" for all.

    Returns:
        None where nothing is needed or nothing is on the shelf.
    """
    wanted = frozenset(needed)
    offers = [offer for offer in shelf if not kind or kind in offer.kinds]
    if not wanted or not offers:
        return None

    def price(offer: Offer) -> tuple[int, int, bool, str]:
        is_for_other = used_by is not None and offer.used_by_machine != (used_by != "person")
        return len(wanted - offer.scopes), len(offer.scopes - wanted), is_for_other, offer.slug

    best = min(offers, key=price)
    return Match(best.slug, tuple(sorted(best.scopes - wanted)), tuple(sorted(wanted - best.scopes)))
