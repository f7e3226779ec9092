"""Git over SSH for deploy keys: the folder that an OpenSSH server works from.

    authorized_keys   one line per public key, each with a forced command
    serve_key.sh      that command
    git/              the bare repositories
    spool/            what the command leaves: used-WORKSPACE.ID for a key that opened something, wanted-UUID for a
                      repository that nobody has asked for yet

The server is somebody else's; it may run as another user, who must be able to read all of it and to write the spool.
"""

import re
import shlex
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sandbox.deploy_keys import DeployKey
from sandbox.model import Repository
from sandbox.workspaces import Workspace

_SCRIPT = "serve_key.sh"
# What may stand in a line of authorized_keys; anything else could end the line or its command.
_KEY = re.compile(r"[a-z0-9@.-]+ [A-Za-z0-9+/]+=*")
_NAME = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
_USED = re.compile(r"used-(?P<workspace>[^/]+)\.(?P<id>[0-9]+)")


class Use(NamedTuple):
    """A deploy key that opened something: whose workspace, which key, when."""

    workspace: str
    key_id: int
    at: datetime


class SshFolder:
    """The folder, kept in step with the deploy keys of all workspaces."""

    def __init__(self, path: Path) -> None:
        """Put the forced command into a folder that exists."""
        self.path = path.resolve()
        self._spool = self.path / "spool"
        self._spool.mkdir(exist_ok=True)
        self._marks: list[tuple[int, int]] = []
        shutil.copyfile(Path(__file__).with_name(_SCRIPT), self.path / _SCRIPT)
        (self.path / _SCRIPT).chmod(0o755)

    def publish(self, workspaces: Iterable[Workspace]) -> None:
        """Write authorized_keys anew, whole or not at all, where keys or repositories changed."""
        every = list(workspaces)
        marks = [(one.grants.version, one.deploy_keys.version) for one in every]
        if marks == self._marks:
            return
        lines = [self._line(key, entries) for key, entries in _opened(every).items()]
        scratch = self.path / "authorized_keys.new"
        scratch.write_text("".join(lines))
        scratch.chmod(0o644)
        scratch.replace(self.path / "authorized_keys")
        self._marks = marks

    def _line(self, key: str, entries: list[str]) -> str:
        words = ["/bin/sh", str(self.path / _SCRIPT), str(self.path), *entries]
        command = " ".join(shlex.quote(word) for word in words).replace('"', '\\"')
        return f'restrict,command="{command}" {key}\n'

    def taken_uses(self) -> Iterator[Use]:
        """Give the uses since the last time, and forget them."""
        for mark in list(self._spool.glob("used-*")):
            found = _USED.fullmatch(mark.name)
            with suppress(FileNotFoundError):
                at = datetime.fromtimestamp(mark.stat().st_mtime, UTC)
                mark.unlink()
                if found is not None:
                    yield Use(found["workspace"], int(found["id"]), at)

    def taken_wishes(self) -> Iterator[str]:
        """Give the uuids, in braces, of the repositories that somebody waits for, and forget them."""
        for mark in list(self._spool.glob("wanted-*")):
            mark.unlink(missing_ok=True)
            yield "{" + mark.name.removeprefix("wanted-") + "}"


def _opened(workspaces: list[Workspace]) -> dict[str, list[str]]:
    """Give what each public key opens: an SSH server looks at the first line of a key only, so it gets one line."""
    opened: dict[str, list[str]] = defaultdict(list)
    for workspace in workspaces:
        for repository in workspace.repositories:
            for key in workspace.deploy_keys.of(repository.uuid):
                _add(opened, workspace, key, repository)
        for project in workspace.projects:
            held = workspace.deploy_keys.of(project.uuid)
            inside = [one for one in workspace.repositories if held and one.project_key == project.key]
            for key in held:
                for repository in inside:
                    _add(opened, workspace, key, repository)
    return opened


def _add(opened: dict[str, list[str]], workspace: Workspace, key: DeployKey, repository: Repository) -> None:
    if _KEY.fullmatch(key.key) and _NAME.fullmatch(repository.full_name):
        opened[key.key].append(f"{workspace.slug}.{key.id}:{repository.uuid.strip('{}')}:{repository.full_name}")
