"""Which template a credential's scopes are, fit into, or go beyond. Pure: no query, no network."""

from collections.abc import Iterable
from dataclasses import dataclass

from tokens.catalogue.adviser.shelf import Offer, closest_template
from tokens.catalogue.data import ACCESS_TOKEN_KINDS, SUFFIX
from tokens.catalogue.rules import classic_cover, expand_classic, reduce_classic
from tokens.models import TemplateVersion


@dataclass(frozen=True, slots=True)
class TemplateMatch:
    """How a credential stands to the template that comes closest.

    `adds`: what it can do beyond the template. `lacks`: what the template gives and it does not have. Both are sorted,
    in the credential's own dialect.
    """

    slug: str
    name: str
    adds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()

    @property
    def is_exact(self) -> bool:
        """The same scopes, no more and no less."""
        return not self.adds and not self.lacks

    @property
    def fits(self) -> bool:
        """The template contains all of it."""
        return not self.adds


def match_from_scopes(
    scopes: Iterable[str], versions: Iterable[TemplateVersion], *, kind: str
) -> tuple[TemplateMatch | None, tuple[str, ...]]:
    """Compare a credential with the templates that can be had as its kind.

    Args:
        scopes: the credential's, in its own dialect.
        versions: the templates on offer.
        kind: the credential's kind; "" is an access token of which Bitbucket did not say what it belongs to.

    Returns: the closest template, or None where none has anything of it; and the names of the templates all of which
        the credential can do, in the order of the shelf.
    """
    # Classic scopes are compared with all that they stand for: `pullrequest` is no lack of `repository`.
    granted, rows = expand_classic(scopes), list(versions)
    names = {version.template.slug: version.name for version in rows}
    offers = _offers(rows, granted, kind)
    contained = tuple(dict.fromkeys(names[offer.slug] for offer in offers if offer.scopes <= granted))
    # Of two that fit alike, the one made for whoever uses such a credential.
    closest = closest_template(granted, offers, used_by="person" if kind == "api_token" else "machine")
    if closest is None or set(closest.missing) == granted:
        return None, contained
    adds, lacks = reduce_classic(closest.missing), reduce_classic(closest.excess)
    return TemplateMatch(closest.slug, names[closest.slug], adds, lacks), contained


def _offers(versions: list[TemplateVersion], granted: frozenset[str], kind: str) -> list[Offer]:
    """The templates as this kind would carry them: the cover of their scopes where that is a classic one."""
    kinds = (kind,) if kind else ACCESS_TOKEN_KINDS
    pairs = [(version, one) for version in versions for one in kinds if one in version.kinds]
    if kind == "api_token" or any(name.endswith(SUFFIX) for name in granted):
        return [_offer(version, version.scopes) for version, _ in pairs]
    covers = [(version, classic_cover(version.scopes, kind=one)) for version, one in pairs]
    return [_offer(version, expand_classic(cover.scopes)) for version, cover in covers if not cover.not_covered]


def _offer(version: TemplateVersion, scopes: Iterable[str]) -> Offer:
    return Offer(version.template.slug, frozenset(scopes), used_by_machine=version.used_by_machine)
