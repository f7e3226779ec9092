"""Which kind of credential fits, and why. For a machine never first the one that runs as a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from tokens.catalogue.adviser.model import UsedBy
from tokens.catalogue.adviser.needs import NAMED, Needs
from tokens.catalogue.data import GIT_ONLY, SCOPE_BY_NAME
from tokens.catalogue.data.api_scopes import SUFFIX
from tokens.catalogue.operations.model import Operation
from tokens.catalogue.operations.table import GIT_FETCH
from tokens.catalogue.rules.cover import can_be_issued_as, classic_cover

NO_KIND: Final = "none"
Boundary = Literal["repository", "project", "workspace", "person"]
_BOUNDARIES: Final[tuple[Boundary, ...]] = ("repository", "project", "workspace", "person")
_ACCESS_TOKENS: Final = tuple(f"{place}_access_token" for place in _BOUNDARIES[:-1])
_BOUNDARY_BY_SERVICE: Final[dict[str, Boundary]] = {
    "projects": "project",
    "workspace_membership": "workspace",
    "account": "person",
    "snippets": "workspace",
    "gpg_keys": "person",
}


@dataclass(frozen=True, slots=True)
class KindChoice:
    """The kind that fits and the reason, in words; `others`: kinds that would do less well, each with its reason.

    `slug` is one of the catalogue's kinds, or `none` where no credential is needed.
    """

    slug: str
    reason: str
    others: tuple[tuple[str, str], ...] = ()


def choose_kind(needs: Needs, used_by: UsedBy | None = None) -> KindChoice:
    """Choose a kind for what is needed.

    Args:
        needs: what `needs_of` worked out.
        used_by: who will hold it; None where that was not said.
    """
    if not needs.api_token_scopes:
        return KindChoice(NO_KIND, _why_nothing(needs))
    if used_by == "pipelines":
        return _for_pipelines(needs)
    if used_by == "machine":
        return _for_machine(needs)
    return _for_person(needs, is_certain=used_by == "person")


def boundary_of(needs: Needs) -> Boundary:
    """The smallest thing that holds everything that is called."""
    from_calls = (_boundary_of_operation(operation) for operation in needs.operations)
    from_names = (
        _BOUNDARY_BY_SERVICE.get(SCOPE_BY_NAME[scope].service_slug, "repository")
        for scope in needs.api_token_scopes
        if scope in SCOPE_BY_NAME and not needs.operations
    )
    return _widest((*from_calls, *from_names))


def _boundary_of_operation(operation: Operation) -> Boundary:
    if operation.method == "git" or operation.path.startswith("/repositories/{workspace}/{repo_slug}"):
        return "repository"
    if operation.path.startswith("/workspaces/{workspace}/projects/{project_key}"):
        return "project"
    if operation.path.startswith(("/repositories/", "/workspaces/", "/teams/", "/snippets")):
        return "workspace"
    return "person" if operation.path.startswith(("/user", "/pullrequests")) else "repository"


def _why_nothing(needs: Needs) -> str:
    if needs.classic_scopes:
        return (
            "Bitbucket's document names no API-token scope for these calls, so none is known to be needed; it names"
            f" classic ones ({', '.join(needs.classic_scopes)}), which access tokens carry."
        )
    if needs.unproven:
        return "Bitbucket's document names no scope for these calls, so none is known to be needed."
    return "Nothing here is known to need a credential."


def _for_person(needs: Needs, *, is_certain: bool) -> KindChoice:
    reason = "It acts as the person who makes it and is the only kind people can make for themselves."
    if not is_certain:
        machine = _for_machine(needs)
        reason += f" If a machine is to use it: {_NAMES[machine.slug]}. {machine.reason}"
    others = (("ssh_key", "It does git over SSH as well, but nothing else, and it has no end date."),)
    return KindChoice("api_token", reason, others if _is_git_only(needs) else ())


def _for_pipelines(needs: Needs) -> KindChoice:
    if _is_git_only(needs):
        reason = (
            "Bitbucket Pipelines reads and pushes its own repository without any credential. You need one only for"
            " another repository."
        )
        return KindChoice(NO_KIND, reason)
    choice = _for_machine(needs)
    reason = f"{choice.reason} For git in its own repository, Pipelines needs no credential at all."
    return KindChoice(choice.slug, reason, choice.others)


def _for_machine(needs: Needs) -> KindChoice:
    as_person = ("api_token", AS_PERSON)
    if _is_git_only(needs) and set(needs.operations) == {GIT_FETCH}:
        reason = "It only reads, opens one repository or project, belongs to no person, and its whole life has an API."
        token = ("repository_access_token", "It does the same over HTTPS, where SSH is not possible.")
        return KindChoice("deploy_key", reason, (token, as_person))
    about_itself = [operation for operation in needs.operations if _asks_who_it_is(operation)]
    others = [operation for operation in needs.operations if operation not in about_itself]
    scopes = _scopes_of(others, needs) if about_itself else needs.api_token_scopes
    boundary = _widest(map(_boundary_of_operation, others)) if needs.operations else boundary_of(needs)
    if boundary == "person" or not scopes:
        return KindChoice("api_token", f"Some of these calls are about a person's own account. {_OF_A_BOT}")
    for place in _BOUNDARIES[_BOUNDARIES.index(boundary) : -1]:
        kind = f"{place}_access_token"
        if can_be_issued_as(kind, scopes) and not adds_too_much(kind, scopes):
            refused = _NO_PERSON if about_itself else ""
            return KindChoice(kind, WHY_TOKEN[place] + refused + _and_what_it_adds(kind, scopes), (as_person,))
    return KindChoice("api_token", f"{_why_no_access_token(scopes)} {_OF_A_BOT}")


def wider_kinds(kind: str) -> tuple[str, ...]:
    """Access tokens that open at least as much as this one, it first; any other kind stands alone."""
    if kind not in _ACCESS_TOKENS:
        return (kind,)
    return _ACCESS_TOKENS[_ACCESS_TOKENS.index(kind) :]


def scopes_to_ask_for(needs: Needs, kind: str, *, chosen: str) -> tuple[str, ...]:
    """What to ask for as this kind: all that is needed, less what the adviser's kind leaves out on purpose.

    An access token is no person. Where a tool also asks who it is (GET /user), the adviser still chooses one, says that
    this call will be refused, and what only that call needs is not asked for.

    Args:
        kind: the kind that is asked for.
        chosen: the kind that the adviser chose; a wider one of the same sort counts as chosen.
    """
    scopes = needs.api_token_scopes
    if kind not in _ACCESS_TOKENS or kind not in wider_kinds(chosen):
        return scopes
    left_out = classic_cover(scopes, kind=kind).not_covered
    return tuple(scope for scope in scopes if scope not in left_out)


def widened(choice: KindChoice, kind: str) -> KindChoice:
    """The same choice for an access token that opens more, because the template is issued as that."""
    if kind == choice.slug:
        return choice
    return KindChoice(kind, f"{WHY_TOKEN[kind.removesuffix('_access_token')]} {_SMALLER}", choice.others)


def _asks_who_it_is(operation: Operation) -> bool:
    return operation.method == "GET" and (operation.path == "/user" or operation.path.startswith("/user/"))


def _scopes_of(operations: list[Operation], needs: Needs) -> tuple[str, ...]:
    """What some of the operations need, and what was named without any."""
    named = {scope for scope, words in needs.because.items() if NAMED in words}
    return tuple(sorted({scope for operation in operations for scope in operation.api_token_scopes or ()} | named))


def _widest(boundaries: Iterable[Boundary]) -> Boundary:
    return max(boundaries, key=_BOUNDARIES.index, default="repository")


def adds_too_much(kind: str, scopes: tuple[str, ...]) -> bool:
    """Whether the classic scopes of this kind open something critical that nobody asked for."""
    return any(SCOPE_BY_NAME[scope].risk == "critical" for scope in classic_cover(scopes, kind=kind).adds)


def _and_what_it_adds(kind: str, scopes: tuple[str, ...]) -> str:
    adds = classic_cover(scopes, kind=kind).adds
    return f" With it comes what nobody asked for: {_short(adds)}." if adds else ""


def _short(scopes: tuple[str, ...]) -> str:
    return ", ".join(scope.removesuffix(SUFFIX) for scope in scopes)


def _why_no_access_token(scopes: tuple[str, ...]) -> str:
    kind = "workspace_access_token"
    refused = classic_cover(scopes, kind=kind).not_covered
    if refused:
        return f"No access token may do all of this ({_short(refused)})."
    adds = classic_cover(scopes, kind=kind).adds
    return f"An access token that could do this could do far more: {_short(adds)}."


def _is_git_only(needs: Needs) -> bool:
    is_git = all(operation.method == "git" for operation in needs.operations)
    return is_git and frozenset(needs.api_token_scopes) <= GIT_ONLY


_NAMES: Final = {
    "deploy_key": "a deploy key",
    "repository_access_token": "a repository access token",
    "project_access_token": "a project access token",
    "workspace_access_token": "a workspace access token",
    "api_token": "an API token of an account made for it",
}
AS_PERSON: Final = "It would run as a person, reach every repository they reach, and end when they leave."
_OF_A_BOT: Final = (
    "So it has to be an API token: make it as an account that belongs to the machine, not as a colleague, and name a"
    " deputy."
)
_NO_PERSON: Final = (
    " Being no person, it is refused where a tool asks who it is (GET /user); most go on without. One that does not"
    " needs an API token of an account made for it."
)
_SMALLER: Final = "A narrower access token would do, but the template is not issued as one."
WHY_TOKEN: Final[dict[str, str]] = {
    "repository": "It opens one repository, belongs to no person, and goes on when somebody leaves.",
    "project": "It opens the repositories of one project, belongs to no person, and goes on when somebody leaves.",
    "workspace": "It is needed across the workspace, belongs to no person, and goes on when somebody leaves.",
}
