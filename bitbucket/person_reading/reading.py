"""One pass over one person.

It ends with a look at our own role. A 404 is only worth something beside that: a credential that lost its right sees
404 everywhere, and one that lost it in the middle of a pass would have looked fine at the beginning.
"""

from collections.abc import Sequence
from itertools import islice

from bitbucket.cloud import CloudClient
from bitbucket.errors import Invalid
from bitbucket.person_reading.attempts import Attempts, Outcome, spread
from bitbucket.person_reading.places import REPOSITORY, Known, Place, places_of, project_key_of
from bitbucket.person_reading.result import ExplicitGrant, PersonReading, ReachedRepository, UserFilter
from bitbucket.resources import ADMINISTRATOR_ROLE, NO_PERMISSION, Member, RepositoryPermission, UserGrant

ROWS_AT_MOST = 100_000
_MEMBERSHIP, _ROLE, _EFFECTIVE, _EXPLICIT = "membership", "our own role", "effective permissions", "explicit grants"


def read_person(  # noqa: PLR0913, RUF100 - each is one choice of the caller's
    cloud: CloudClient,
    workspace: str,
    person_uuid: str,
    account_id: str,
    *,
    user_filter_works: bool,
    known: Known,
    with_grants: bool = True,
    rows_at_most: int = ROWS_AT_MOST,
    helpers: Sequence[CloudClient] = (),
) -> PersonReading:
    """Read whether someone has a seat, what they reach, and what they were given by name.

    With a filter that works it takes 2 + max(1, ⌈K/100⌉) + K + P requests, for K repositories that they reach in P
    projects; without one, all rows of the workspace are read instead of theirs. What was given at a project that holds
    none of the K repositories shows only in that project's own listing.

    A 404 for one person's grant is read as nothing given only while we administer the workspace at the end of the pass.
    A project whose key changed after the inventory answers the same; its repositories are still among the reached ones,
    so that such a reading is never clean.

    Args:
        cloud: speaks for an administrator of the workspace.
        workspace: its uuid (or slug).
        person_uuid: whom to read; may be empty, then no filter is used.
        account_id: the same person; may be empty where the uuid is there.
        user_filter_works: whether a probe found that the effective listing can be narrowed to one person. A filter that
            silently matches nobody would make everyone look clean, so an unproven one is not to be used.
        known: repository uuid → (slug, project key), from the inventory.
        with_grants: whether the explicit grants are read; False leaves them, as unread, to a fresh inventory.
        rows_at_most: how many rows of the effective listing are read before it counts as too long.
        helpers: more clients of the same account, each with a transport of its own: one thread each helps `cloud` with
            the explicit grants. A budget behind such a transport is asked from that thread.

    Returns:
        The reading. Trouble at Bitbucket stands in its `unread` and raises nothing.

    Raises:
        ValueError: the person is named by neither uuid nor account_id.
    """
    if not (person_uuid or account_id):
        message = "a person is named by a uuid or an account_id"
        raise ValueError(message)
    clients = [cloud, *helpers]
    before = sum(client.requests_sent for client in clients)
    reader = _PersonReader(cloud, workspace, person_uuid, account_id, rows_at_most)
    member = reader.member()
    rows = reader.effective(use_filter=user_filter_works and bool(person_uuid))
    places = reader.places(rows, known, with_grants=with_grants)
    grants = list(zip(places, spread(clients, places, reader.grant), strict=True))
    role = reader.judge(member, grants)
    return PersonReading(
        own_role=role,
        is_member=_has_seat(member, role),
        user_filter=reader.user_filter,
        repositories=tuple(_reached(row, known) for row in rows),
        grants=tuple(_given(place, outcome.value) for place, outcome in grants if _is_given(outcome.value)),
        unread=tuple(reader.attempts.unread),
        requests=sum(client.requests_sent for client in clients) - before,
    )


class _PersonReader:
    """The steps of one pass, in their order."""

    def __init__(self, cloud: CloudClient, workspace: str, uuid: str, account_id: str, rows_at_most: int) -> None:
        self._cloud, self._workspace = cloud, workspace
        self._uuid, self._account_id = uuid, account_id
        self._rows_at_most = rows_at_most
        self.user_filter = UserFilter.NOT_USED
        self.attempts = Attempts()

    def member(self) -> Outcome[Member]:
        """The person's seat."""
        account = self._uuid or self._account_id
        return self.attempts.read("member", _MEMBERSHIP, lambda: self._cloud.member(self._workspace, account))

    def effective(self, *, use_filter: bool) -> list[RepositoryPermission]:
        """The person's rows of the effective listing, one for each repository that they reach."""
        outcome = self.attempts.read("effective", _EFFECTIVE, lambda: self._rows(use_filter=use_filter))
        if outcome.missing is not None:
            self.attempts.note(_EFFECTIVE, str(outcome.missing), outcome.missing)
        if outcome.value is None:
            self.attempts.note(_EXPLICIT, "it is not known which repositories they reach")
            return []
        if len(outcome.value) > self._rows_at_most:
            self.attempts.note(_EFFECTIVE, f"the listing is longer than {self._rows_at_most} rows")
        return self._reached(outcome.value)

    def _rows(self, *, use_filter: bool) -> list[RepositoryPermission]:
        if use_filter:
            self.user_filter = UserFilter.WORKED
            try:
                return self._listed(self._uuid)
            except Invalid:
                self.user_filter = UserFilter.REFUSED
        return self._listed("")

    def _listed(self, user_uuid: str) -> list[RepositoryPermission]:
        rows = self._cloud.repository_permissions(self._workspace, user_uuid=user_uuid)
        return list(islice(rows, self._rows_at_most + 1))

    def _reached(self, rows: list[RepositoryPermission]) -> list[RepositoryPermission]:
        own = [row for row in rows if self._is_theirs(row)]
        if self.user_filter is UserFilter.WORKED and len(own) < len(rows):
            self.user_filter = UserFilter.IGNORED
        # Pages that shift while they are read may tell a row twice; the later one is the newer one.
        latest = {row.repository_uuid or row.repository_full_name: row for row in own}
        return [row for row in latest.values() if row.permission != NO_PERMISSION]

    def _is_theirs(self, row: RepositoryPermission) -> bool:
        by_uuid = bool(self._uuid) and row.user_uuid == self._uuid
        return by_uuid or (bool(self._account_id) and row.account_id == self._account_id)

    def places(self, rows: list[RepositoryPermission], known: Known, *, with_grants: bool) -> list[Place]:
        """Where explicit grants are looked for; what cannot be looked at is noted."""
        if not with_grants:
            self.attempts.note(_EXPLICIT, "left to the inventory")
            return []
        for row in rows:
            if not project_key_of(row, known):
                part = f"grants at the project of {row.repository_full_name}"
                self.attempts.note(part, "the inventory does not tell its project")
        return places_of(rows, known)

    def grant(self, client: CloudClient, place: Place) -> Outcome[UserGrant]:
        """What they were given by name at one place."""
        ask = client.repository_user_grant if place.where == REPOSITORY else client.project_user_grant
        account = self._uuid or self._account_id
        return self.attempts.read(place.where, place.part, lambda: ask(self._workspace, place.address, account))

    def judge(self, member: Outcome[Member], grants: list[tuple[Place, Outcome[UserGrant]]]) -> str:
        """Look at our own role and note every part that is not proven beside it; gives the role, empty if unread."""
        outcome = self.attempts.read("role", _ROLE, lambda: self._cloud.my_role(self._workspace))
        role, note = outcome.value or "", self.attempts.note
        if outcome.missing is not None:
            note(_ROLE, str(outcome.missing), outcome.missing)
        if role == ADMINISTRATOR_ROLE:
            return role
        doubt = f"our own role here is {role}" if role else "our own role could not be read"
        if member.missing is not None and not role:
            note(_MEMBERSHIP, f"not found, and {doubt}", member.missing)
        if role:
            note(_EFFECTIVE, doubt)
        for place, grant in grants:
            if grant.missing is not None:
                note(place.part, f"not found, and {doubt}", grant.missing)
        return role


def _has_seat(member: Outcome[Member], role: str) -> bool | None:
    if member.value is not None:
        return True
    return False if member.missing is not None and role else None


def _is_given(grant: UserGrant | None) -> bool:
    return grant is not None and grant.is_given


def _reached(row: RepositoryPermission, known: Known) -> ReachedRepository:
    return ReachedRepository(row.repository_uuid, row.repository_full_name, row.permission, project_key_of(row, known))


def _given(place: Place, grant: UserGrant | None) -> ExplicitGrant:
    return ExplicitGrant(place.where, place.name, place.uuid, grant.permission if grant else NO_PERMISSION)
