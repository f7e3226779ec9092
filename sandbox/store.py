"""Keeps changes across restarts: one JSON file beside the git repositories, digests instead of secrets."""

import json
import shutil
import tempfile
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sandbox.events import Event
from sandbox.kept_workspace import apply_to_workspace, kept_from_workspace, mark_of
from sandbox.model import AccessToken, ApiToken
from sandbox.options import Options

if TYPE_CHECKING:
    from sandbox.world import World

_Token = TypeVar("_Token", ApiToken, AccessToken)
_ACCOUNT_FIELDS = ("active", "suspended", "email_confirmed", "managed", "directory", "email", "display_name")
# 1 kept rights of one person on one repository; 2 keeps grants, groups, deploy keys, projects and repositories.
_VERSION = 2


class StateMismatchError(Exception):
    """The kept state belongs to another size or seed of the organisation."""


class Store:
    """A folder for the state; a temporary one, removed at the end, where none was named.

    `git_folder` is where the bare repositories are.
    """

    def __init__(self, options: Options) -> None:
        """Read what is kept; raises StateMismatchError when it was made with other numbers."""
        self._is_kept = options.state is not None
        self.folder = options.state or Path(tempfile.mkdtemp(prefix="sandbox-"))
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.git_folder = options.ssh_folder / "git" if options.ssh_folder else self.folder / "git"
        self._file = self.folder / "state.json"
        self._shape = options.shape()
        self._kept = self._read()
        self.epoch = self._epoch()

    def apply(self, world: "World") -> None:
        """Put kept changes into a freshly seeded world."""
        self._seeded_ids = set(world.api_tokens)
        self._marks = {slug: mark_of(one) for slug, one in world.workspaces.items()}
        for account_id, values in self._kept.get("accounts", {}).items():
            if account_id in world.accounts:
                for name in values.keys() & set(_ACCOUNT_FIELDS):
                    setattr(world.accounts[account_id], name, values[name])
        for slug, kept in self._kept.get("workspaces", {}).items():
            apply_to_workspace(world.workspaces[slug], kept)
        world.events.replace_all([_event(one) for one in self._kept.get("events", [])])
        for token_id in self._kept.get("deleted_tokens", []):
            world.api_tokens.pop(token_id, None)
        for values in self._kept.get("api_tokens", []):
            world.api_tokens[values["id"]] = _revived(ApiToken, values)
        for values in self._kept.get("access_tokens", []):
            world.access_tokens[values["id"]] = _revived(AccessToken, values)

    def save(self, world: "World") -> None:
        """Write the changes, whole or not at all; does nothing where no folder was named."""
        if not self._is_kept:
            return
        self._kept = {
            "version": _VERSION,
            "shape": self._shape,
            "epoch": self.epoch.isoformat(),
            "accounts": {one.account_id: _picked(asdict(one)) for one in world.accounts.values()},
            "workspaces": {slug: kept_from_workspace(one, self._marks[slug]) for slug, one in world.workspaces.items()},
            "deleted_tokens": sorted(self._seeded_ids - set(world.api_tokens)),
            "api_tokens": [asdict(one) for one in world.api_tokens.values() if not one.seeded],
            "access_tokens": [asdict(one) for one in world.access_tokens.values()],
            "events": [asdict(one) for one in world.events.everything()],
        }
        self._write()

    def forget(self) -> None:
        """Drop every kept change and the git repositories."""
        shutil.rmtree(self.git_folder, ignore_errors=True)
        self._kept = {}
        self.epoch = self._epoch()
        self._file.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove the folder when it was a temporary one."""
        if not self._is_kept:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _read(self) -> dict[str, Any]:
        if not self._is_kept or not self._file.exists():
            return {}
        kept: dict[str, Any] = json.loads(self._file.read_text())
        if kept.get("version", 1) > _VERSION:
            raise StateMismatchError(f"{self.folder} keeps the state of a newer sandbox; start it elsewhere")
        if {"leaver_repositories": None} | kept["shape"] != self._shape:
            raise StateMismatchError(
                f"{self.folder} keeps a sandbox made with {kept['shape']}; start it with those numbers or elsewhere"
            )
        return kept

    def _epoch(self) -> datetime:
        if "epoch" in self._kept:
            return datetime.fromisoformat(self._kept["epoch"])
        return datetime.now(UTC).replace(microsecond=0)

    def _write(self) -> None:
        scratch = self._file.with_suffix(".new")
        scratch.write_text(json.dumps(self._kept, default=datetime.isoformat))
        scratch.chmod(0o600)
        scratch.replace(self._file)


def _picked(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in _ACCOUNT_FIELDS}


def _event(values: dict[str, Any]) -> Event:
    return Event(**(values | {"at": datetime.fromisoformat(values["at"])}))


def _revived(kind: type[_Token], values: dict[str, Any]) -> _Token:
    moments = {"created_at", "expires_at", "last_access"}
    read: dict[str, Any] = {}
    # A field that came later is not in what an earlier version kept.
    for one in (field for field in fields(kind) if field.name in values):
        value = values[one.name]
        read[one.name] = datetime.fromisoformat(value) if one.name in moments and value else value
    read["scopes"] = tuple(read["scopes"])
    return kind(**read)
