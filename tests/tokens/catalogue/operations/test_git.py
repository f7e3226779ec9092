"""git in its many forms: what fetches, what pushes, what stays on the machine, and what goes elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tokens.catalogue.operations.reading import meanings, reason
from tokens.catalogue.operations import find_calls, is_local_git, read_calls

ADDRESSES = st.sampled_from(
    [
        "https://bitbucket.org/acme/web.git",
        "https://bitbucket.org/acme/web",
        "https://emma@bitbucket.org/acme/web.git",
        "https://x-token-auth:***@bitbucket.org/acme/web.git",
        "https://${USER}:${KEY}@bitbucket.org/${WS}/${REPO}.git",
        "'https://bitbucket.org/acme/web.git'",
        '"https://Bitbucket.org/acme/web.git"',
        "git@bitbucket.org:acme/web.git",
        "bitbucket.org:acme/web.git",
        "ssh://git@bitbucket.org/acme/web.git",
        "ssh://git@bitbucket.org:22/acme/web.git",
        "ssh://git@altssh.bitbucket.org:443/acme/web.git",
        "git+ssh://git@bitbucket.org/acme/web.git",
        "git@$HOST:acme/web.git",
        "$REPO_URL",
    ]
)
ELSEWHERE = st.sampled_from(
    [
        "https://github.com/acme/web.git",
        "git@github.com:acme/web.git",
        "github.com:acme/web.git",
        "https://emma:***@gitlab.com/acme/web.git",
        "https://bitbucket.org.evil.test/acme/web.git",
        "https://bitbucket.org@evil.test/acme/web.git",
        "https://bitbucket.acme.test/scm/acme/web.git",
        "ssh://git@bitbucket.acme.test:7999/acme/web.git",
        "$GITHUB_URL",
        "git@$GITHUB_HOST:acme/web.git",
    ]
)
WIKIS = st.sampled_from(
    [
        "https://bitbucket.org/acme/web.git/wiki",
        "https://bitbucket.org/acme/web/wiki",
        "git@bitbucket.org:acme/web.git/wiki",
        "git@bitbucket.org:acme/web/wiki.git",
        "ssh://git@bitbucket.org/acme/web/wiki",
    ]
)
OPTIONS = st.sampled_from(
    [
        "",
        "-C /srv/web ",
        "-c k=v ",
        "-ck=v ",
        '-c http.extraHeader="Authorization: Bearer $T" ',
        "--no-pager ",
        "--git-dir=/srv/web/.git --work-tree /srv/web ",
        "-C a -c k=v --bare ",
    ]
)
FETCHES = st.sampled_from(
    [
        "clone {} folder",
        "clone --depth 1 --branch main {}",
        "clone -q --recurse-submodules {} /tmp/x",
        "fetch {} main",
        "fetch --tags -- {} +refs/heads/*:refs/x/*",
        "pull --rebase {} main",
        "ls-remote --heads {}",
        "submodule add {} lib",
        "remote update {}",
        "archive --remote={} HEAD",
        "fetch-pack {} refs/heads/main",
    ]
)
PUSHES = st.sampled_from(
    [
        "push {} main",
        "push {} main:main",
        "push --force-with-lease --tags {}",
        "push --mirror {}",
        "push {} --delete x",
    ]
)
AROUND = st.sampled_from(
    [
        "{}",
        "$ {}",
        "+ {}",
        " > {}",
        "      - {}",
        "{};",
        "{} || exit 1",
        "({})",
        "if ! {}; then",
        "sudo {}",
        "{} # later",
        "sh '{}'",
    ]
)


@given(options=OPTIONS, command=FETCHES, address=ADDRESSES, around=AROUND)
def test_what_fetches(options: str, command: str, address: str, around: str) -> None:
    around = "{}" if "'" in around and ("'" in address or '"' in options + address) else around
    assert meanings(around.format(f"git {options}{command.format(address)}")) == ["git fetch"]


@given(options=OPTIONS, command=PUSHES, address=ADDRESSES, around=AROUND)
def test_what_pushes(options: str, command: str, address: str, around: str) -> None:
    around = "{}" if "'" in around and ("'" in address or '"' in options + address) else around
    assert meanings(around.format(f"git {options}{command.format(address)}")) == ["git push"]


@given(options=OPTIONS, command=FETCHES | PUSHES, address=ELSEWHERE)
def test_other_hosts_are_unknown(options: str, command: str, address: str) -> None:
    assert reason(f"git {options}{command.format(address)}") == "this does not go to Bitbucket Cloud"


@given(options=OPTIONS, command=FETCHES | PUSHES, address=WIKIS)
def test_wikis_are_gone(options: str, command: str, address: str) -> None:
    assert meanings(f"git {options}{command.format(address)}") == ["removed"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("git fetch", ["git fetch"]),
        ("git pull", ["git fetch"]),
        ("git fetch --all --prune", ["git fetch"]),
        ("git push", ["git push"]),
        ("git push --dry-run", ["git push"]),
        ("git push origin feature.branch:feature.branch", ["git push"]),
        ("git push origin v1.rc:main", ["git push"]),
        ("git push origin HEAD:refs/heads/a.b", ["git push"]),
        ("git submodule update --init --recursive", ["git fetch"]),
        ("git submodule --quiet update", ["git fetch"]),
        ("git submodule foreach git pull", ["git fetch"]),
        ("git submodule foreach --recursive 'git push origin main'", ["git push"]),
        ("git lfs pull", ["git fetch"]),
        ("git lfs fetch --all", ["git fetch"]),
        ("git lfs push origin main", ["git push"]),
        ("git lfs lock a.psd", ["git push"]),
        ("git remote update", ["git fetch"]),
        ("git remote -v show origin", ["git fetch"]),
        ("git subtree push --prefix x origin main", ["git push"]),
        ("git clone --reference git@github.com:a/b.git git@bitbucket.org:a/b.git", ["git fetch"]),
        ("git add . && git commit -m 'x && git push' && git push", ["git local", "git local", "git push"]),
        ("git pull;git push;", ["git fetch", "git push"]),
        ("GIT_TRACE=1 git push", ["git push"]),
        ("sudo -u git git pull", ["git fetch"]),
        ("/usr/bin/git fetch", ["git fetch"]),
        ("git.exe pull", ["git fetch"]),
        ('"C:\\Program Files\\Git\\bin\\git.exe" pull', ["git fetch"]),
        ("ssh-agent bash -c 'ssh-add key; git clone git@bitbucket.org:a/b.git'", ["git fetch"]),
    ],
)
def test_git_as_people_paste_it(line: str, expected: list[str]) -> None:
    assert meanings(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "git status",
        "git --version",
        "git commit -m 'git push it'",
        "git remote add origin git@bitbucket.org:acme/web.git",
        "git remote set-url origin https://bitbucket.org/acme/web.git",
        "git submodule init",
        "git lfs install",
        "git push --help",
        "git help push",
        "git clone /srv/git/web.git",
        "git clone file:///srv/git/web.git",
        "git clone ../web",
        "git push . HEAD:main",
        "git archive HEAD",
        "git stash push",
        "git config remote.origin.url https://bitbucket.org/acme/web.git",
        " > git rev-parse HEAD^{commit} # timeout=10",
    ],
)
def test_what_stays_on_the_machine_needs_nothing(line: str) -> None:
    (call,) = read_calls(line)
    assert call.status == "matched"
    assert is_local_git(call)
    assert (call.api_token_scopes, call.classic_scopes) == (None, None)
    assert call.because.endswith("stays on this machine and needs no credential")
    assert find_calls(line) == ([], 1)


@pytest.mark.parametrize("line", ["git foo", "$ git annex sync", "git svn dcommit", "sudo git frobnicate origin"])
def test_a_command_that_is_not_known_is_named(line: str) -> None:
    assert reason(line) == "this git command is not known here"


def test_an_address_after_the_option_that_is_curls_for_secrets_is_read() -> None:
    assert meanings("git push -u https://bitbucket.org/acme/web.git main") == ["git push"]
    assert "does not go to Bitbucket" in reason("git push -u https://github.com/acme/web.git main")


def test_an_address_that_the_masker_hid_is_not_guessed() -> None:
    assert "hidden" in reason("git push -u https:*** main")
