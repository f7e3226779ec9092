"""Scripts of several lines: what they assign, and calls that go on over more than one line."""

import pytest

from tests.tokens.catalogue.operations.reading import ACME, API, PULL_REQUESTS, REPOSITORY, found_in, meanings
from tokens.catalogue.operations import read_calls
from tokens.catalogue.operations.variables import values_in

LIST, OPEN = f"GET {PULL_REQUESTS}", f"POST {PULL_REQUESTS}"


@pytest.mark.parametrize(
    "assignment",
    [
        "REPO=acme/web",
        'REPO="acme/web"',
        "export REPO='acme/web'",
        "  REPO: acme/web",
        "- REPO=acme/web",
        "set REPO=acme/web",
        "$REPO = 'acme/web'",
        "$env:REPO = 'acme/web'",
        'const REPO = "acme/web";',
        'REPO: str = "acme/web"  # where',
        "ENV REPO=acme/web",
        "self.REPO = 'acme/web'",
        "OWNER=acme\nREPO=$OWNER/web",
    ],
)
@pytest.mark.parametrize("use", ["$REPO", "${REPO}", "{REPO}", "{self.REPO}", "%REPO%", "$env:REPO", "{{ REPO }}"])
def test_a_value_that_the_script_gives_is_used(assignment: str, use: str) -> None:
    assert found_in(f"{assignment}\nGET {API}/repositories/{use}/pullrequests") == [LIST]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('BASE="https://api.bitbucket.org/2.0"\ncurl $BASE/user', ["GET /user"]),
        ('BASE="https://api.bitbucket.org/2.0/"\ncurl ${BASE}user', ["GET /user"]),
        ("BASE=https://api.github.com\ncurl $BASE/user", ["unknown"]),
        ("BASE=https://api.github.com\ncurl $BASE/user\ncurl $OTHER/user", ["unknown", "GET /user"]),
        ("REPO=acme\ncurl $BASE/repositories/$REPO", ["GET /repositories/{workspace}"]),
        ("REPO=acme/web\nREPO=acme/api\ncurl $BASE/repositories/$REPO/src", ["unknown"]),
        ("URL=git@github.com:acme/web.git\ngit clone $URL", ["unknown"]),
        ("URL=https://bitbucket.org/acme/web.git\ngit clone $URL", ["git fetch"]),
        ('HOST = "https://api.github.com"\nsession.get(HOST + "/user")', ["unknown"]),
        ("A=$B\nB=$A\ncurl $A/user", ["GET /user"]),
    ],
)
def test_base_addresses_that_the_script_gives(script: str, expected: list[str]) -> None:
    assert found_in(script) == expected


def test_what_is_no_assignment_gives_no_value() -> None:
    assert values_in(["see REPO=acme", "if a == b:", "GET: https://x", "a = b + c", "x = f(y)"]).by_name == {
        "GET": "https://x"
    }


BODY = """curl -X PUT {address} -H 'Content-Type: application/json' -d '{{
  "title": "it works",
  "href": "{api}/user"
}}'
"""
BODY_FIRST = """curl -d '{{
  "title": "GET /2.0/user"
}}' -X PUT {address}
"""
OPTIONS = """curl --request PUT \\
  --url {address} \\
  --header "Authorization: Bearer $T" \\
  --data '{{}}' \\

"""
PYTHON = """response = requests.put(
    f"{address}",
    json={{"title": "it works"}},
)
"""
JAVASCRIPT = """const r = await fetch(`{address}`, {{
  method: "PUT",
  headers: {{ Authorization: `Bearer ${{t}}` }},
}});
"""
POWERSHELL = """Invoke-RestMethod `
  -Uri "{address}" `
  -Method Put
"""


@pytest.mark.parametrize("script", [BODY, BODY_FIRST, OPTIONS, PYTHON, JAVASCRIPT, POWERSHELL])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_call_over_several_lines_is_one(script: str, ending: str) -> None:
    text = script.format(address=f"{ACME}/pullrequests/17", api=API) + "git push\n"
    assert meanings(text.replace("\n", ending)) == [f"PUT {PULL_REQUESTS}/{{pull_request_id}}", "git push"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"I can't curl {API}/user\nit doesn't work\nGET {ACME}\ngit push",
            ["GET /user", f"GET {REPOSITORY}", "git push"],
        ),
        (f"curl -d 'x {ACME}\nGET {API}/user\ngit push", ["GET /user", "git push"]),
        (f"curl -d '{{\ncurl {API}/user\n}}'", ["GET /user"]),
        (f"session.get(\ngit push\n)\nGET {API}/user", ["git push", "GET /user"]),
        (f"requests.get(\n{'x' * 9}\n" * 20 + f"GET {API}/user", ["GET /user"]),
    ],
)
def test_an_open_quotation_mark_or_bracket_swallows_no_call(text: str, expected: list[str]) -> None:
    found = [meaning for meaning in found_in(text) if meaning != "unknown"]
    assert found == expected


PIPELINE = """image: python:3.12
pipelines:
  default:
    - step:
        script:
          - git clone https://x-token-auth:$KEY@bitbucket.org/acme/lib.git
          - >-
            curl -X POST "https://api.bitbucket.org/2.0/repositories/$BITBUCKET_REPO_FULL_NAME/commit/$BITBUCKET_COMMIT/statuses/build"
            --data '{"key": "lint"}'
          - git push origin HEAD
"""
JENKINS = """Started by user Emma
using GIT_ASKPASS to set credentials bot
 > git rev-parse --resolve-git-dir /var/jenkins/.git # timeout=10
 > git fetch --tags -- https://bitbucket.org/acme/web.git +refs/heads/*:refs/remotes/origin/* # timeout=10
 > git checkout -f 1f2e3d # timeout=10
[Pipeline] sh
+ curl -s -u **** https://api.bitbucket.org/2.0/repositories/acme/web/pullrequests/17
+ git push https://****@bitbucket.org/acme/web.git HEAD:main
Finished: SUCCESS
"""


def test_a_pipeline_file() -> None:
    calls = [meaning for meaning in found_in(PIPELINE) if meaning != "git local"]
    assert calls == ["git fetch", f"POST {REPOSITORY}/commit/{{commit}}/statuses/build", "git push"]


def test_a_console_of_jenkins() -> None:
    calls = [meaning for meaning in found_in(JENKINS) if meaning != "git local"]
    assert calls == ["git fetch", f"GET {PULL_REQUESTS}/{{pull_request_id}}", "git push"]


def test_the_text_of_a_joined_call_is_the_whole_call() -> None:
    (call,) = read_calls(f"curl \\\n  -X POST \\\n  {ACME}/pullrequests")
    assert call.text == f"curl -X POST {ACME}/pullrequests"
    assert meanings(call.text) == [OPEN]
