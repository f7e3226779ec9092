"""git over HTTPS with the real client: who may fetch and push, and in which words the others are refused."""

import random
from pathlib import Path

import pytest

from tests.sandbox.gitclient import Git
from tests.sandbox.helper import Caller

ANY_USER = "x-bitbucket-api-token-auth"


@pytest.fixture
def git(caller: Caller, tmp_path: Path) -> Git:
    """A git client against the sandbox."""
    return Git(tmp_path, caller.url)


@pytest.mark.parametrize("user", [ANY_USER, "emma"])
def test_clone_has_files_and_commits_on_main(caller: Caller, git: Git, user: str) -> None:
    token = caller.token("read:repository")
    assert git.clone(user, token["secret"]).returncode == 0
    clone = git.folder / "acme-web"
    assert "Hello from web" in (clone / "src" / "app.py").read_text()
    log = git.run("log", "--format=%s", cwd=clone).stdout.split("\n")
    assert log[:3] == ["Build it", "Say hello", "Start"]
    assert git.run("branch", "--show-current", cwd=clone).stdout.strip() == "main"


def test_fetch_does_not_push_and_write_alone_does_not_fetch(caller: Caller, git: Git) -> None:
    reads, writes = caller.token("read:repository"), caller.token("write:repository")
    assert git.clone(ANY_USER, writes["secret"]).returncode == 128
    assert git.clone(ANY_USER, reads["secret"]).returncode == 0
    for token in (reads, writes):
        pushed = git.push(ANY_USER, token["secret"], text=token["id"])
        assert pushed.returncode != 0
        assert "remote: Your credentials lack one or more required privilege scopes." in pushed.stderr
        assert "403" in pushed.stderr


def test_push_needs_both_scopes_and_arrives(caller: Caller, git: Git) -> None:
    token = caller.token("read:repository", "write:repository")
    git.clone(ANY_USER, token["secret"])
    assert git.push(ANY_USER, token["secret"]).returncode == 0
    (git.folder / "again").mkdir()
    second = Git(git.folder / "again", caller.url)
    second.clone(ANY_USER, token["secret"])
    assert (second.folder / "acme-web" / "NOTES.md").read_text() == "more\n"


def test_a_big_push_comes_in_chunks(caller: Caller, git: Git) -> None:
    token = caller.token("read:repository", "write:repository")
    git.clone(ANY_USER, token["secret"])
    noise = random.Random(1).randbytes(2_000_000).hex()
    assert git.push(ANY_USER, token["secret"], text=noise).returncode == 0
    assert git.run("fetch", user=ANY_USER, secret=token["secret"], cwd=git.folder / "acme-web").returncode == 0


def test_right_of_the_person_counts_beside_the_scopes(caller: Caller, git: Git) -> None:
    token = caller.token("read:repository", "write:repository")
    git.clone(ANY_USER, token["secret"])
    caller.lever("/workspaces/acme/repositories/web/emma", permission="none")
    refused = git.run("fetch", user=ANY_USER, secret=token["secret"], cwd=git.folder / "acme-web")
    assert "You may not have access to this repository" in refused.stderr
    far = caller.running.world.workspaces["acme"].repositories[-1]
    refused = git.clone(ANY_USER, token["secret"], far.full_name)
    assert "You may not have access to this repository" in refused.stderr
    caller.lever("/workspaces/acme/repositories/web/lee", permission="read")
    lee = caller.token("read:repository", "write:repository", account="lee")
    assert "You do not have write access" in git.push(ANY_USER, lee["secret"]).stderr


@pytest.mark.parametrize(
    ("user", "secret", "words"),
    [
        ("emma", "my account password", "recently stopped supporting account passwords"),
        ("emma@acme.test", "my account password", "recently stopped supporting account passwords"),
        ("emma", "ATBBxyz", "CHANGE-3222 - Functionality has been deprecated"),
        ("emma", "ATATT3xFfGF0wrong", "Token is invalid, expired, or not supported"),
        ("x-token-auth", "ATCTT3xFfGN0wrong", "Token is invalid, expired, or not supported"),
    ],
)
def test_refusals_are_told_as_remote_lines(git: Git, user: str, secret: str, words: str) -> None:
    refused = git.clone(user, secret)
    assert refused.returncode == 128
    assert f"remote: {words}" in refused.stderr or words in refused.stderr
    assert "remote: " in refused.stderr


def test_app_password_is_410(git: Git) -> None:
    assert "The requested URL returned error: 410" in git.clone("emma", "ATBBxyz").stderr


def test_address_and_another_persons_name_are_no_users_for_a_token(caller: Caller, git: Git) -> None:
    token = caller.token("read:repository")
    assert "an e-mail address is no user name for git" in git.clone("emma@acme.test", token["secret"]).stderr
    assert git.clone("lee", token["secret"]).returncode == 128
    assert git.clone("x-token-auth", token["secret"]).returncode == 128


def test_without_a_credential_git_asks_for_one(git: Git) -> None:
    assert "could not read Username" in git.clone("", "").stderr


def test_narrowed_expired_unscoped_and_switched_off(caller: Caller, git: Git) -> None:
    narrowed = caller.token("read:repository", workspace="sidecar")
    assert "You may not have access" in git.clone(ANY_USER, narrowed["secret"]).stderr
    assert git.clone(ANY_USER, narrowed["secret"], "sidecar/notes").returncode == 0
    token = caller.token("read:repository")
    assert git.clone(ANY_USER, token["secret"]).returncode == 0
    fetch = {"user": ANY_USER, "secret": token["secret"], "cwd": git.folder / "acme-web"}
    caller.lever("/accounts/emma", active=False)
    assert "Token is invalid" in git.run("fetch", **fetch).stderr
    caller.lever("/accounts/emma", active=True)
    assert git.run("fetch", **fetch).returncode == 0
    caller.lever(f"/tokens/{token['id']}/expire")
    assert "Token is invalid" in git.run("fetch", **fetch).stderr
    assert "Token is invalid" in git.clone(ANY_USER, caller.token()["secret"], "acme/api").stderr


def test_access_token_opens_its_repository_only_and_writes_by_scope(caller: Caller, git: Git) -> None:
    reads = caller.lever("/access-tokens", name="ci", repository="web", scopes=["repository"])["secret"]
    writes = caller.lever("/access-tokens", name="release", repository="web", scopes=["repository:write"])["secret"]
    assert git.clone("x-token-auth", reads).returncode == 0
    assert git.clone("x-token-auth", reads, "acme/api").returncode == 128
    assert "required privilege scopes" in git.push("x-token-auth", reads).stderr
    assert git.push("x-token-auth", writes, text="release\n").returncode == 0


def test_only_smart_protocol_and_known_repositories(caller: Caller, git: Git) -> None:
    token = caller.token("read:repository")
    assert git.clone(ANY_USER, token["secret"], "acme/nothing").returncode == 128
    auth = (ANY_USER, token["secret"])
    assert caller.anonymous("/acme/web.git/info/refs", auth=auth).status_code == 403
    assert caller.anonymous("/acme/web.git/HEAD", auth=auth).status_code == 404
    assert caller.anonymous("/acme/..%2f..%2fetc.git/info/refs?service=git-upload-pack", auth=auth).status_code == 404
