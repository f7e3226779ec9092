"""`manage.py scopes` as people and scripts run it: a process without a database or any setting."""

import json
from typing import Any

import pytest

from tests.tokens.process import managed

ACME = "https://api.bitbucket.org/2.0/repositories/acme/web"


def scopes(text: str | bytes, *arguments: str, **environment: str) -> dict[str, Any]:
    """The answer to a text."""
    done = managed("scopes", *arguments, text=text, **environment)
    assert (done.returncode, done.stderr) == (0, "")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_the_example_of_the_manual() -> None:
    answer = scopes(f"GET {ACME}/pullrequests\n")
    assert answer["calls"] == [
        {
            "input": f"GET {ACME}/pullrequests",
            "status": "matched",
            "deprecated": False,
            "operation": "GET /repositories/{workspace}/{repo_slug}/pullrequests",
            "api_token_scopes": ["read:pullrequest:bitbucket"],
            "classic_scopes": ["pullrequest"],
        }
    ]
    assert answer["api_token_scopes"] == ["read:pullrequest:bitbucket"]
    assert answer["classic_scopes"] == ["pullrequest"]
    assert answer["template"] == {"slug": "review-pull-requests", "excess": [], "missing": []}
    assert answer["kind"]["slug"] == "api_token"


def test_several_lines_each_with_its_status() -> None:
    text = f"git push\r\n\r\ncurl -X POST {ACME}/pullrequests -d '{{}}'\nGET {ACME}/issues\nGET https://api.github.com/user\nhello"
    answer = scopes(text)
    assert [call["status"] for call in answer["calls"]] == ["matched", "matched", "removed", "unknown", "unknown"]
    assert [call["operation"] for call in answer["calls"]] == [
        "git push",
        "POST /repositories/{workspace}/{repo_slug}/pullrequests",
        "GET /repositories/{workspace}/{repo_slug}/issues",
        None,
        None,
    ]
    assert answer["classic_scopes"] == ["pullrequest:write"]
    assert answer["template"] == {"slug": "ai-agent-contribute", "excess": [], "missing": []}


def test_secrets_are_hidden() -> None:
    secret = "AT" + "ATT3xFfGF0" + "S3cr3t" * 5
    done = managed("scopes", text=f"curl -u emma:hunter2 {ACME}\nexport T={secret}\ncurl -u \\\n emma:hunter2 {ACME}\n")
    assert done.returncode == 0
    assert "hunter2" not in done.stdout + done.stderr
    assert "S3cr3t" not in done.stdout + done.stderr
    assert json.loads(done.stdout)["calls"][0]["input"] == f"curl -u emma:*** {ACME}"


@pytest.mark.parametrize("text", ["", "\n \n\r\n"])
def test_nothing_asked_is_nothing_needed(text: str) -> None:
    answer = scopes(text)
    assert answer["calls"] == answer["api_token_scopes"] == answer["classic_scopes"] == []
    assert answer["template"] is None
    assert answer["kind"]["slug"] == "none"


@pytest.mark.parametrize(
    ("used_by", "template", "kind"),
    [
        ("person", "clone-pull-and-push", "api_token"),
        ("machine", "ci-release", "repository_access_token"),
        ("pipelines", "ci-release", "none"),
    ],
)
def test_who_will_use_it_decides(used_by: str, template: str, kind: str) -> None:
    answer = scopes("git push", "--used-by", used_by)
    assert answer["template"]["slug"] == template
    assert answer["kind"]["slug"] == kind


def test_an_unknown_user_is_refused() -> None:
    done = managed("scopes", "--used-by", "robot", text="git push")
    assert done.returncode == 2
    assert "robot" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("language", ["C", "C.UTF-8", "en_US.UTF-8", ""])
def test_bytes_that_are_no_text_are_no_reason_to_stop(language: str) -> None:
    answer = scopes(b"\xff\xfe\x00 caf\xe9\nGET /2.0/user\n", LANG=language)
    assert [call["status"] for call in answer["calls"]] == ["unknown", "matched"]


def test_a_database_that_does_not_answer_is_no_reason_to_stop() -> None:
    answer = scopes("git pull", DATABASE_URL="postgres://nobody:nothing@127.0.0.1:1/none")
    assert answer["template"]["slug"] == "clone-and-pull"
