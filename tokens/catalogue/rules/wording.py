"""Scopes in words for people."""

from collections.abc import Iterable

from tokens.catalogue.data import (
    KIND_BY_CREDENTIAL_TYPE,
    SCOPE_BY_NAME,
    SERVICES,
    SUFFIX,
    UNKNOWN_SERVICE,
)
from tokens.catalogue.model import Scope, ScopeGroup


def grouped(scopes: Iterable[str]) -> list[ScopeGroup]:
    """`scopes` of either dialect by service, in the catalogue's order; what it does not know comes last."""
    known = _described(scopes)
    groups = []
    for service in (*SERVICES, UNKNOWN_SERVICE):
        members = tuple(scope for scope in known if scope.service_slug == service.slug)
        if members:
            groups.append(ScopeGroup(service, members))
    return groups


def words_for(scopes: Iterable[str]) -> str:
    """What the scopes let somebody do, to follow "can": `read code and history; push commits and tags`."""
    ordered = [scope for group in grouped(scopes) for scope in group.scopes]
    phrases = list(dict.fromkeys(scope.words[0].lower() + scope.words[1:] for scope in ordered))
    if not phrases:
        return "nothing"
    if len(phrases) == 1:
        return phrases[0]
    if any("," in phrase for phrase in phrases):
        return "; ".join(phrases)
    return f"{', '.join(phrases[:-1])}, and {phrases[-1]}"


def will_not_work(missing: Iterable[str]) -> list[str]:
    """One sentence per missing scope: what Bitbucket will refuse."""
    ordered = [scope for group in grouped(missing) for scope in group.scopes]
    return list(dict.fromkeys(scope.without for scope in ordered))


def kind_from_credential_type(value: str) -> str | None:
    """The kind behind Bitbucket's header `x-credential-type`; None when nobody has explained that value."""
    return KIND_BY_CREDENTIAL_TYPE.get(value.strip().lower())


def _described(scopes: Iterable[str]) -> list[Scope]:
    wanted = frozenset(scopes)
    known = [scope for name, scope in SCOPE_BY_NAME.items() if name in wanted]
    return known + [_stranger(name) for name in sorted(wanted - SCOPE_BY_NAME.keys())]


def _stranger(name: str) -> Scope:
    return Scope(
        name=name,
        dialect="api_token" if name.endswith(SUFFIX) else "classic",
        service_slug=UNKNOWN_SERVICE.slug,
        verb="read",
        words=f"Use {name}, whose meaning is not known here",
        without=f"What needs {name} will be refused; its meaning is not known here.",
        risk="high",
        because="nobody here can say what it opens",
        source="",
        seen_on=UNKNOWN_SERVICE.seen_on,
        certainty="unconfirmed",
    )
