"""Git over SSH with a real server, a real client and a key pair of its own: deploy keys fetch, and do nothing else."""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from devstack import sshd as sshd_program
from devstack.account import GIT_NAME
from devstack.children import Nursery
from devstack.errors import StackError
from devstack.home import Home
from devstack.ports import answers, free_port
from devstack.ssh_server import SshServer, prepared_ssh_server
from devstack.sshd import found_sshd
from devstack.state import State
from sandbox.server import RunningSandbox, start
from tests.sandbox.helper import Caller

CANNOT_HAVE_ONE = "there is neither an sshd here nor a Debian to fetch one from"
KEEPER = ("admin:repository", "admin:project", "write:ssh-key", "delete:ssh-key")
PLACES = {"repository": "/repositories/acme/web", "project": "/workspaces/acme/projects/PROD"}


@dataclass
class Desk:
    """A sandbox, the SSH server on its folder, and somebody with a key pair."""

    caller: Caller
    server: SshServer
    folder: Path

    def new_key(self, name: str) -> str:
        """Make a key pair; gives the public half."""
        path = self.folder / name
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
        return path.with_suffix(".pub").read_text()

    def keeper(self) -> tuple[str, str]:
        """A token that may add and delete deploy keys."""
        return "revoke-bot@acme.test", self.caller.token(*KEEPER, account="revoke-bot")["secret"]

    def add(self, place: str, text: str) -> int:
        """Add a deploy key by REST; gives its id."""
        made = self.caller.rest(f"{place}/deploy-keys", self.keeper(), "POST", json={"key": text, "label": "bcp-1"})
        assert made.status_code == 200, made.text
        return int(made.json()["id"])

    def last_used(self, place: str, key_id: int) -> str | None:
        """When the listing says that a key was last used."""
        listed = self.caller.rest(f"{place}/deploy-keys").json()["values"]
        found: str | None = next(one for one in listed if one["id"] == key_id)["last_used"]
        return found

    def ssh(self, key: str) -> list[str]:
        """The client, with one key and none of anybody's configuration."""
        options = ["BatchMode=yes", "IdentitiesOnly=yes", "IdentityAgent=none", "StrictHostKeyChecking=accept-new"]
        options += [f"UserKnownHostsFile={self.folder / 'known_hosts'}", f"IdentityFile={self.folder / key}"]
        return ["ssh", "-F", "none", *(part for option in options for part in ("-o", option))]

    def git(self, key: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run git over SSH."""
        names = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")
        environment = dict.fromkeys(names, "emma@acme.test") | {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_SSH_COMMAND": " ".join(self.ssh(key)),
            "LC_ALL": "C",
        }
        return run(["git", *arguments], cwd=self.folder, env=environment)

    def clone(self, key: str, name: str, target: str) -> "subprocess.CompletedProcess[str]":
        """Clone a repository of the workspace acme."""
        return self.git(key, "clone", "--quiet", f"{self.server.url}/acme/{name}.git", target)


def run(command: list[str], **options: object) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        command, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL, **options
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[State, Home]]:
    """A state directory of its own; nothing of it stays."""
    if found_sshd() is None and not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        pytest.skip(CANNOT_HAVE_ONE)
    state = State(tmp_path_factory.mktemp("ssh") / "state")
    yield state, state.home()
    state.remove()


@pytest.fixture(scope="module")
def serving(home: tuple[State, Home]) -> Iterator[tuple[RunningSandbox, SshServer]]:
    """A sandbox and an SSH server on one folder."""
    state, place = home
    server = prepared_ssh_server(place, free_port())
    nursery = Nursery(state.records, state.logs)
    with start(members=2, tokens=0, ssh_folder=server.folder) as running:
        try:
            server.start(nursery)
            yield running, server
        finally:
            nursery.end(list(nursery.children), patience_seconds=5)
    assert not answers(server.port)


@pytest.fixture
def desk(serving: tuple[RunningSandbox, SshServer], tmp_path: Path) -> Desk:
    """Somebody at a sandbox that starts over for each test."""
    running, server = serving
    caller = Caller(running)
    caller.lever("/reset")
    return Desk(caller, server, tmp_path)


def test_a_repositorys_key_clones_it_and_the_listing_tells_when(desk: Desk) -> None:
    key_id = desk.add(PLACES["repository"], desk.new_key("key"))
    assert desk.last_used(PLACES["repository"], key_id) is None
    cloned = desk.clone("key", "web", "here")
    assert (cloned.returncode, cloned.stdout) == (0, ""), cloned.stderr
    assert "Could not chdir" not in cloned.stderr
    assert "Hello from web" in (desk.folder / "here/src/app.py").read_text()
    used = desk.last_used(PLACES["repository"], key_id)
    assert used is not None
    assert used[:10] == desk.caller.running.world.now().date().isoformat()
    one = desk.caller.rest(f"{PLACES['repository']}/deploy-keys/{key_id}").json()
    assert one["last_used"] == used


def test_another_repository_and_every_push_are_refused_in_bitbuckets_words(desk: Desk) -> None:
    key_id = desk.add(PLACES["repository"], desk.new_key("key"))
    other = desk.clone("key", "api", "there")
    assert other.returncode == 128
    assert "deployment key is not associated with the requested repository" in other.stderr
    assert desk.last_used(PLACES["repository"], key_id) is None, "a refusal is no use"
    desk.clone("key", "web", "here")
    desk.git("key", "-C", "here", "commit", "--quiet", "--allow-empty", "-m", "More")
    pushed = desk.git("key", "-C", "here", "push")
    assert pushed.returncode == 128
    assert "access via a deployment key is read-only" in pushed.stderr
    web = desk.caller.running.world.workspaces["acme"].repository("web")
    assert web is not None
    bare = desk.server.folder / "git" / f"{web.uuid.strip('{}')}.git"
    assert run(["git", "--git-dir", str(bare), "log", "--format=%s", "-1"]).stdout == "Build it\n"


def test_a_deleted_key_opens_nothing_any_more(desk: Desk) -> None:
    key_id = desk.add(PLACES["repository"], desk.new_key("key"))
    assert desk.clone("key", "web", "here").returncode == 0
    deleted = desk.caller.rest(f"{PLACES['repository']}/deploy-keys/{key_id}", desk.keeper(), "DELETE")
    assert deleted.status_code == 204
    refused = desk.git("key", "-C", "here", "fetch")
    assert refused.returncode == 128
    assert "Permission denied (publickey)" in refused.stderr


def test_a_projects_key_opens_what_is_in_the_project_as_it_changes(desk: Desk) -> None:
    key_id = desk.add(PLACES["project"], desk.new_key("key"))
    assert desk.clone("key", "web", "web").returncode == 0
    assert desk.clone("key", "search", "search").returncode == 0
    assert desk.clone("key", "api", "api").returncode == 128
    desk.caller.lever("/workspaces/acme/repositories/api", project="PROD", slug="api")
    assert desk.clone("key", "api", "api").returncode == 0
    desk.caller.lever("/workspaces/acme/repositories/web", project="LABS", slug="web")
    assert desk.git("key", "-C", "web", "fetch").returncode == 128
    assert desk.last_used(PLACES["project"], key_id) is not None


def test_one_key_in_two_places_opens_both_and_each_is_marked_for_itself(desk: Desk) -> None:
    text = desk.new_key("key")
    web, docs = desk.add(PLACES["repository"], text), desk.add("/repositories/acme/docs", text)
    assert desk.clone("key", "docs", "docs").returncode == 0
    assert desk.last_used(PLACES["repository"], web) is None
    assert desk.last_used("/repositories/acme/docs", docs) is not None
    assert desk.clone("key", "web", "web").returncode == 0
    assert desk.last_used(PLACES["repository"], web) is not None


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "sh",
        "git-upload-archive 'acme/web.git'",
        "git-upload-pack 'acme/web.git'; id",
        "git-upload-pack '/acme/../../host_key'",
        "git-upload-pack '*'",
        "git-upload-pack 'acme/web.git' '--help'",
    ],
)
def test_there_is_no_shell_and_no_way_around_the_list(desk: Desk, asked: str) -> None:
    desk.add(PLACES["repository"], desk.new_key("key"))
    address = desk.server.url.removeprefix("ssh://")
    target, _, port = address.rpartition(":")
    answer = run([*desk.ssh("key"), "-p", port, target, asked])
    assert (answer.returncode, answer.stdout) == (1, ""), answer.stderr
    assert "no shell here" in answer.stderr or "not associated with the requested repository" in answer.stderr


def test_a_line_of_the_keys_file_cannot_be_made_up(desk: Desk) -> None:
    path = "/workspaces/acme/repositories/web/deploy-keys"
    desk.caller.lever(path, label="x", key='ssh-ed25519 AAAA\nssh-ed25519 Evil "x"')
    desk.caller.lever("/workspaces/acme/repositories", slug='worse" name', project="PROD")
    lines = (desk.server.folder / "authorized_keys").read_text().splitlines()
    assert lines
    assert not [line for line in lines if not line.startswith('restrict,command="/bin/sh ')]
    assert not [line for line in lines if "Evil" in line or "worse" in line]


def test_nobody_gets_in_with_a_password_or_another_name(desk: Desk) -> None:
    desk.add(PLACES["repository"], desk.new_key("key"))
    _, _, port = desk.server.url.rpartition(":")
    asked = run([*desk.ssh("key"), "-v", "-p", port, "nobody@127.0.0.1", "git-upload-pack '/acme/web.git'"])
    assert asked.returncode == 255
    assert "Authentications that can continue: publickey\n" in asked.stderr


def test_it_is_an_ordinary_users_server(serving: tuple[RunningSandbox, SshServer], home: tuple[State, Home]) -> None:
    _, server = serving
    [record] = [one for one in home[0].records.living() if one.name == "sshd"]
    owner = Path(f"/proc/{record.pid}").stat().st_uid
    assert owner == (pwd.getpwnam(GIT_NAME).pw_uid if os.geteuid() == 0 else os.geteuid())
    assert (server.folder / "host_key").stat().st_mode & 0o077 == 0
    assert server.url == f"ssh://{pwd.getpwuid(owner).pw_name}@127.0.0.1:{server.port}"


def test_where_none_can_be_had_one_sentence_says_what_to_install(
    home: tuple[State, Home], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSHD", str(tmp_path / "sshd"))
    with pytest.raises(StackError, match=r"SSHD names .* no such program"):
        prepared_ssh_server(home[1], 1)
    monkeypatch.delenv("SSHD")
    monkeypatch.setattr("devstack.sshd.shutil.which", lambda *_arguments, **_named: None)
    monkeypatch.setattr(sshd_program, "checkout_home", lambda: tmp_path)
    monkeypatch.setattr(sshd_program, "MACHINERY", tmp_path)
    with pytest.raises(StackError, match=r"no sshd here: install one .*openssh-server.* or set SSHD"):
        prepared_ssh_server(home[1], 1)


def test_a_killed_server_starts_again_with_the_same_key(
    serving: tuple[RunningSandbox, SshServer], home: tuple[State, Home], desk: Desk
) -> None:
    state, place = home
    before = (serving[1].folder / "host_key.pub").read_text()
    nursery = Nursery(state.records, state.logs)
    desk.server = prepared_ssh_server(place, free_port())
    desk.add(PLACES["repository"], desk.new_key("key"))
    try:
        desk.server.start(nursery).signal_all(signal.SIGKILL)
        nursery.end(list(nursery.children), patience_seconds=1)
        desk.server.start(nursery)
        assert desk.clone("key", "web", "here").returncode == 0
        assert (desk.server.folder / "host_key.pub").read_text() == before
    finally:
        nursery.end(list(nursery.children), patience_seconds=5)
