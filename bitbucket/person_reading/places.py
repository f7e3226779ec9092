"""Where somebody who reaches these repositories may have been given something by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bitbucket.resources import RepositoryPermission

Known = Mapping[str, tuple[str, str]]
REPOSITORY, PROJECT = "repository", "project"


@dataclass(frozen=True)
class Place:
    """One repository or project; `address` is how a call names it."""

    where: str
    name: str
    address: str
    uuid: str = ""

    @property
    def part(self) -> str:
        """Its name among the unread parts."""
        return f"grants at {self.where} {self.name}"


def project_key_of(row: RepositoryPermission, known: Known) -> str:
    """The key of a repository's project as the caller knows it, or empty."""
    return known.get(row.repository_uuid, ("", ""))[1]


def places_of(rows: Sequence[RepositoryPermission], known: Known) -> list[Place]:
    """Every repository of the rows, then every known project of theirs.

    A repository is addressed by its uuid where it is told: a slug changes, and a 404 for a renamed one would look like
    "nothing was given".
    """
    keys = dict.fromkeys(filter(None, (project_key_of(row, known) for row in rows)))
    repositories = [
        Place(REPOSITORY, row.repository_full_name, row.repository_uuid or _slug(row), row.repository_uuid)
        for row in rows
    ]
    return [*repositories, *(Place(PROJECT, key, key) for key in keys)]


def _slug(row: RepositoryPermission) -> str:
    return row.repository_full_name.rpartition("/")[2]
