"""Starting, seeding, keeping: the command line and what survives a restart."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from sandbox.options import Options
from sandbox.server import start
from sandbox.store import StateMismatchError
from sandbox.world import World
from tests.sandbox.gitclient import Git
from tests.sandbox.helper import Caller, form_values, shown_secret
from tests.sandbox.test_pages import TOKENS, day


def everything_in(folder: Path) -> bytes:
    """All bytes of all files below a folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_same_seed_same_ids_other_seed_other_ids() -> None:
    with start(seed=1) as one, start(seed=1) as same, start(seed=2) as other:
        ids = [Caller(running).environment["BITBUCKET_WORKSPACES"] for running in (one, same, other)]
        keys = [Caller(running).environment["ATLASSIAN_REVOKE_KEY"] for running in (one, same, other)]
    assert ids[0] == ids[1] != ids[2]
    assert keys[0] == keys[1] != keys[2]


def test_scale_is_a_parameter() -> None:
    with start(repositories=500, members=100, projects=9, tokens=300) as running:
        acme = running.world.workspaces["acme"]
        assert (len(acme.repositories), len(acme.projects)) == (500, 9)
        assert len(acme.seats) == 100 + 5
        assert len(running.world.api_tokens) == 300 + 6


def test_changes_survive_a_restart_and_no_secret_is_on_disk(tmp_path: Path) -> None:
    with start(state=tmp_path) as running:
        caller = Caller(running)
        caller.sign_in("emma")
        fields = form_values(caller.page(f"{TOKENS}?create=scoped").text)
        sent = fields | {"label": "kept", "expires_on": day(30), "scope": "read:user:bitbucket"}
        secret = shown_secret(caller.send_form(TOKENS, **sent).text)
        push = caller.token("read:repository", "write:repository")["secret"]
        git = Git(tmp_path, caller.url)
        git.clone("emma", push)
        assert git.push("emma", push).returncode == 0
        head = git.run("rev-parse", "HEAD", cwd=tmp_path / "acme-web").stdout
        lees = running.world.tokens_of(caller.account_id("lee"))
        caller.lever(f"/tokens/{lees[0].id}", "DELETE")
        caller.lever("/workspaces/acme/members/lee", permission="none")
        caller.lever("/accounts/aria", active=False)
        access = caller.lever("/access-tokens", name="ci", repository="web", scopes=["repository"])["secret"]
    stored = everything_in(tmp_path)
    with start(state=tmp_path) as again:
        caller = Caller(again)
        assert caller.rest("/user", ("emma@acme.test", secret)).status_code == 200
        assert len(again.world.tokens_of(caller.account_id("lee"))) == 3
        assert caller.rest(f"/workspaces/acme/members/{caller.account_id('lee')}").status_code == 404
        assert again.world.accounts[caller.account_id("aria")].active is False
        assert caller.bearer("/repositories/acme/web", access).status_code == 200
        there = Git(tmp_path, caller.url)
        assert head.strip() in there.run("ls-remote", f"{caller.url}/acme/web.git", user="emma", secret=push).stdout
        caller.lever("/reset")
        assert caller.rest("/user", ("emma@acme.test", secret)).status_code == 401
    for text in (secret, push, access):
        assert text.encode() not in stored


def test_state_of_another_size_is_refused_in_words(tmp_path: Path) -> None:
    with start(state=tmp_path) as running:
        Caller(running).token("read:user")
    with pytest.raises(StateMismatchError, match="start it with those numbers or elsewhere"):
        World(Options(state=tmp_path, members=3))


def test_temporary_folder_is_removed_at_the_end() -> None:
    with start() as running:
        folder = running.world.store.folder
        assert folder.is_dir()
    assert not folder.exists()


def run_module(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run `python -m sandbox` to its end."""
    command = [sys.executable, "-m", "sandbox", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)


def test_printed_environment_is_what_opens_the_sandbox() -> None:
    lines = run_module("--print-environment", "--port", "8123").stdout.splitlines()
    printed = dict(line.split("=", 1) for line in lines)
    assert printed["BITBUCKET_API_URL"] == "http://127.0.0.1:8123/2.0"
    secrets = [value for name, value in printed.items() if name.endswith(("_KEY", "_SECRET", "_TOKEN"))]
    assert len(secrets) == 6
    assert all("SANDBOX" in value for value in secrets)
    with start() as running:
        caller = Caller(running)
        assert caller.rest("/user", (printed["AUDIT_BOT_EMAIL"], printed["AUDIT_BOT_TOKEN"])).status_code == 200
        assert caller.listing(printed["ATLASSIAN_AUDIT_KEY"]).status_code == 200
        assert printed["PORTAL_ADMINS"].split(",") == [caller.account_id("ada"), caller.account_id("max")]


def test_busy_port_is_one_clear_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = run_module("--port", str(port))
    assert answer.returncode == 1
    assert f"cannot start on port {port}" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_command_line_serves_quietly_on_the_loopback_until_terminated() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--verbose", "--tokens", "3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        address = f"http://127.0.0.1:{port}/site/oauth2/authorize?client_id=x&state=canary"
        for _ in range(100):
            try:
                answer = requests.get(address, timeout=2, proxies={"http": ""}, auth=("emma", "canary"))
                break
            except requests.ConnectionError:
                time.sleep(0.05)
        process.terminate()
        output, _ = process.communicate(timeout=10)
    assert answer.status_code == 400
    assert process.returncode == 0
    assert "GET /site/oauth2/authorize 400" in output
    assert "canary" not in output
