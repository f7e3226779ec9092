"""Calls that logs, tables, traces and sentences mention."""

import pytest

from tests.tokens.catalogue.operations.reading import ACME, API, PULL_REQUESTS, found_in, meanings, reason
from tokens.catalogue.operations import find_calls

LIST, OPEN = f"GET {PULL_REQUESTS}", f"POST {PULL_REQUESTS}"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            '127.0.0.1 - - [10/Oct/2026:13:55:36 +0000] "GET /2.0/user HTTP/1.1" 200 23 "https://x/y" "curl/8"',
            ["GET /user"],
        ),
        ("2026-11-22T10:00:00Z INFO GET /2.0/user 200 12ms", ["GET /user"]),
        (f"[ERROR] POST {ACME}/pullrequests failed with 403", [OPEN]),
        (f"Error: GET {ACME}/pullrequests: 403 Forbidden", [LIST]),
        ("> GET /2.0/user HTTP/2", ["GET /user"]),
        ('DEBUG:urllib3.connectionpool:https://api.bitbucket.org:443 "GET /2.0/user HTTP/1.1" 200 None', ["GET /user"]),
        ("time=2026-11-22 level=info method=GET path=/2.0/user status=200", ["GET /user"]),
        ("time=2026-11-22 path=/2.0/user method=get status=200", ["GET /user"]),
        (f'{{"method":"POST","url":"{ACME}/pullrequests"}}', [OPEN]),
        (f'{{"url": "{ACME}/pullrequests", "method": "post"}}', [OPEN]),
        ("\x1b[32mGET\x1b[0m /2.0/user \x1b[1m200\x1b[0m", ["GET /user"]),
        ("\x1b[1;31mGET \x1b[4mhttps://api.bitbucket.org/2.0/user\x1b[0m", ["GET /user"]),
        (f"GET \x1b]8;;{API}/user\x1b\\{API}/user\x1b]8;;\x1b\\", ["GET /user"]),
        ("\ufeffGET /2.0/user\r", ["GET /user"]),
        ("// GET /2.0/user", ["GET /user"]),
        ("* `GET /2.0/user`", ["GET /user"]),
        ("| GET | /2.0/user | who am I |", ["GET /user"]),
        ("| `GET` | `/2.0/user` | who am I |", ["GET /user"]),
        ("**GET** /2.0/user", ["GET /user"]),
        ("GET,/2.0/user", ["GET /user"]),
        ('"GET","/2.0/user"', ["GET /user"]),
        ("GET /2.0/user, GET /2.0/user/emails", ["GET /user", "GET /user/emails"]),
        ("GET /2.0/user; POST /2.0/repositories/acme/web/pullrequests", ["GET /user", OPEN]),
        ("GET|POST /2.0/repositories/acme/web/pullrequests", [LIST, OPEN]),
        ("GET, POST /2.0/repositories/acme/web/pullrequests", [LIST, OPEN]),
        (f"First GET {API}/user. Then POST to {ACME}/pullrequests.", ["GET /user", OPEN]),
        ('echo "GET /2.0/user"', ["GET /user"]),
        (f"<td>GET</td><td>{API}/user</td>", ["unknown"]),
    ],
)
def test_a_line_that_names_method_and_address(line: str, expected: list[str]) -> None:
    assert meanings(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        f"Failed: 403 Client Error: Forbidden for url: {ACME}/pullrequests",
        f"< location: {ACME}",
        f'{{"next":"{ACME}/pullrequests?page=2"}}',
        f"url: {API}/user",
        f'<a href="{API}/user">me</a>',
        f"see {API}/user for more",
        'path = "/repositories/acme/web/pullrequests"',
        'url = f"{BASE}/repositories/{ws}/{repo}/pullrequests"',
    ],
)
def test_an_address_without_a_method_is_named_as_such(line: str) -> None:
    assert reason(line) == "the line names an address of the API, but not whether it reads or writes"


@pytest.mark.parametrize(
    "line",
    [
        "* Connected to api.bitbucket.org (1.2.3.4) port 443",
        "< HTTP/2 200",
        '"method": "GET",',
        "Please GET the file and POST it",
        "POST the status back to Bitbucket",
        "GET and/or POST it",
        "DELETE FROM users WHERE id=1",
        "user",
        "workspaces",
        "See https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/",
        "the git repository at https://bitbucket.org/acme/web",
        "To bitbucket.org:acme/web.git",
        "remote: Invalid credentials",
        "npm ERR! code E403",
    ],
)
def test_a_line_without_a_call_is_told(line: str) -> None:
    assert reason(line) == "no call was found in this line"
    assert find_calls(line) == ([], 1)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("GET https://bitbucket.org/acme/web.git/info/refs?service=git-upload-pack", "git fetch"),
        ("GET https://bitbucket.org/acme/web.git/info/refs?service=git-receive-pack", "git push"),
        ("POST https://bitbucket.org/acme/web.git/git-receive-pack", "git push"),
        ("POST https://github.com/acme/web.git/git-receive-pack", "unknown"),
        ('"POST /acme/web.git/git-receive-pack HTTP/1.1" 200', "git push"),
        ("10:00 http.c:756 => Send header: GET /acme/web.git/info/refs?service=git-upload-pack HTTP/1.1", "git fetch"),
        ("trace: run_command: unset GIT_DIR; ssh git@bitbucket.org 'git-receive-pack '\\''a/b.git'\\'''", "git push"),
        ("trace: run_command: ssh git@github.com 'git-upload-pack '\\''a/b.git'\\'''", "unknown"),
        ("trace: built-in: git push origin main", "git push"),
        ("pip install git+https://bitbucket.org/acme/web.git@v1", "git fetch"),
        ("npm install git+ssh://git@bitbucket.org/acme/web.git", "git fetch"),
        ('source = "git::https://bitbucket.org/acme/modules.git//vpc?ref=v1"', "git fetch"),
        ("pip install git+https://github.com/acme/web.git", "unknown"),
        ("git branch: 'main', credentialsId: 'bb', url: 'https://bitbucket.org/acme/web.git'", "git fetch"),
        ("git url: 'https://github.com/acme/web.git'", "unknown"),
        (
            " > git fetch --tags --progress -- https://bitbucket.org/acme/web.git +refs/heads/*:refs/x/* # timeout=10",
            "git fetch",
        ),
    ],
)
def test_git_in_traces_and_logs(line: str, expected: str) -> None:
    assert meanings(line) == [expected]


@pytest.mark.parametrize(
    ("host", "expected"), [("api.bitbucket.org", "GET /user"), ("api.github.com", "unknown"), ("$HOST", "GET /user")]
)
@pytest.mark.parametrize("mark", ["> ", "", "10:00:00.1 http.c:756 => Send header: "])
def test_the_host_below_the_first_line_decides(mark: str, host: str, expected: str) -> None:
    text = f"{mark}GET /user HTTP/1.1\n{mark}User-Agent: curl/8\n{mark}Host: {host}\n"
    assert found_in(text) == [expected]


def test_the_host_of_another_request_decides_nothing() -> None:
    text = "GET /user HTTP/1.1\n" + "X-A: b\n" * 9 + "Host: api.github.com\n"
    assert found_in(text) == ["GET /user"]


def test_urllib3_names_the_host_before_the_call() -> None:
    assert reason('DEBUG:urllib3.connectionpool:https://api.github.com:443 "GET /user HTTP/1.1" 200 None') == (
        "this does not go to Bitbucket Cloud"
    )


def test_a_log_with_few_calls_is_summed_up() -> None:
    lines = [
        "Started by user Emma",
        " > git fetch",
        " > git config a b",
        f"+ curl -s {ACME}/pullrequests",
        "Finished",
        "",
    ]
    calls, skipped = find_calls("\n".join(lines))
    assert [call.operation.name for call in calls if call.operation] == ["git fetch", LIST]
    assert skipped == 3
