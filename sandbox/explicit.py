"""Explicit grants: who was given what on which repository or project, directly or as a group."""

import threading
from collections.abc import Iterator
from typing import Literal, NamedTuple

Level = Literal["repository", "project"]
Holder = Literal["users", "groups"]

# What may be given where: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/ and
# .../api-group-projects/ , "explicit user permission".
GIVEN: dict[Level, tuple[str, ...]] = {
    "repository": ("read", "write", "admin"),
    "project": ("read", "write", "create-repo", "admin"),
}
# What a grant means on a repository: a person who may create repositories in a project writes those that are there.
AS_REPOSITORY_RIGHT = {"create-repo": "write"}


class Grant(NamedTuple):
    """One row of the truth; `place` is a repository's or project's uuid, `name` an account id or a group's slug."""

    level: Level
    holder: Holder
    place: str
    name: str
    permission: str


class ExplicitGrants:
    """The grants of one workspace; `version` goes up at every change, so that what is derived knows its age."""

    def __init__(self) -> None:
        """Start with nothing granted."""
        self.version = 0
        self.lock = threading.RLock()
        self._kept: dict[tuple[Level, Holder], dict[str, dict[str, str]]] = {
            (level, holder): {} for level in GIVEN for holder in ("users", "groups")
        }

    def on(self, level: Level, holder: Holder, place: str) -> dict[str, str]:
        """Give the permission of each user or group on one repository or project; not to be changed."""
        return self._kept[level, holder].get(place, {})

    def set(self, level: Level, holder: Holder, place: str, name: str, permission: str) -> None:
        """Give (or with "none" take) one permission; raises ValueError for one that there is not."""
        if permission != "none" and permission not in GIVEN[level]:
            raise ValueError(f"a {level} permission is one of {', '.join(GIVEN[level])}, none")
        with self.lock:
            row = self._kept[level, holder].setdefault(place, {})
            if permission == "none":
                row.pop(name, None)
            else:
                row[name] = permission
            self.version += 1

    def drop_place(self, place: str) -> None:
        """Forget what was granted on a repository or project that is gone."""
        with self.lock:
            for kept in self._kept.values():
                kept.pop(place, None)
            self.version += 1

    def drop_group(self, slug: str) -> None:
        """Forget what was granted to a group that is gone."""
        with self.lock:
            for (_, holder), kept in self._kept.items():
                for row in kept.values() if holder == "groups" else ():
                    row.pop(slug, None)
            self.version += 1

    def __iter__(self) -> Iterator[Grant]:
        """Give every row."""
        with self.lock:
            return iter(
                [
                    Grant(level, holder, place, name, permission)
                    for (level, holder), kept in self._kept.items()
                    for place, row in kept.items()
                    for name, permission in row.items()
                ]
            )

    def replace_all(self, rows: list[Grant]) -> None:
        """Forget everything and take these rows instead."""
        with self.lock:
            for kept in self._kept.values():
                kept.clear()
            for row in rows:
                self._kept[row.level, row.holder].setdefault(row.place, {})[row.name] = row.permission
            self.version += 1
