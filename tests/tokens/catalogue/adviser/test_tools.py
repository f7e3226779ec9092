"""The tools: calls that exist, sources, what their documentation asks for, and the page worked out from them."""

import re
from pathlib import Path

import pytest

from tests.tokens.catalogue.names import api
from tests.tokens.catalogue.test_official_document import DOCUMENT
from tokens.catalogue.adviser.model import Tool
from tokens.catalogue.adviser.tools import SEEN_ON, TOOL_BY_SLUG, TOOLS
from tokens.catalogue.adviser.tools_table import asks_compared, needed_by, tools_page, tools_table
from tokens.catalogue.data import SCOPE_BY_NAME
from tokens.catalogue.operations import OPERATION_BY_NAME

PAGE = Path(__file__).resolve().parents[4] / "docs" / "tools.md"
AN_ADDRESS = re.compile(r"https://[a-z0-9.-]+/\S+")

each_tool = pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.slug)


def test_the_tools_that_people_connect_are_there() -> None:
    assert len(TOOLS) == len(TOOL_BY_SLUG) == len({tool.name for tool in TOOLS})
    assert len(TOOLS) >= 22
    assert {
        "jenkins",
        "renovate",
        "sonarqube",
        "argo-cd",
        "flux",
        "backstage",
        "terraform",
        "vscode",
        "sourcetree",
        "gitkraken",
        "git-credential-manager",
        "bitbucket-pipelines",
    } <= TOOL_BY_SLUG.keys()


@each_tool
def test_a_tool_is_told_in_words_with_a_source(tool: Tool) -> None:
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", tool.slug)
    assert tool.words[0].isupper()
    assert not tool.words.endswith(".")
    assert not tool.note or tool.note.endswith(".")
    assert AN_ADDRESS.fullmatch(tool.source)
    assert tool.seen_on == SEEN_ON


@each_tool
def test_every_call_lives_and_says_what_it_needs(tool: Tool) -> None:
    for call in tool.calls:
        operation = OPERATION_BY_NAME[call.call]
        assert operation.removed_on is None, call.call
        assert operation.api_token_scopes, call.call
        assert call.why
        assert not call.why.endswith(".")


@each_tool
def test_a_call_is_named_once_and_an_option_says_when(tool: Tool) -> None:
    assert len({call.call for call in tool.calls}) == len(tool.calls)
    assert all(re.match(r"(?:with|when|to) ", call.why) for call in tool.calls if call.optional)


@each_tool
def test_a_tool_without_calls_says_why(tool: Tool) -> None:
    if not tool.calls:
        assert "takes no" in tool.note


@each_tool
def test_what_is_deprecated_is_told(tool: Tool) -> None:
    if any(OPERATION_BY_NAME[call.call].deprecated for call in tool.calls):
        assert "deprecated" in tool.note


@each_tool
def test_what_is_asked_for_is_known_in_its_dialect(tool: Tool) -> None:
    assert bool(tool.asks) == bool(tool.asks_dialect) == bool(tool.asks_source)
    assert {SCOPE_BY_NAME[scope].dialect for scope in tool.asks} <= {tool.asks_dialect}
    assert len(set(tool.asks)) == len(tool.asks)
    assert not tool.asks or AN_ADDRESS.fullmatch(tool.asks_source)


@pytest.mark.skipif(not DOCUMENT.is_file(), reason="BITBUCKET'S API DOCUMENT IS NOT HERE (set BITBUCKET_OPENAPI)")
def test_every_call_is_spelt_as_in_the_document(names_in_document: frozenset[str]) -> None:
    calls = {call.call for tool in TOOLS for call in tool.calls}
    assert {call for call in calls if not call.startswith("git ")} <= names_in_document


@pytest.mark.parametrize(
    ("slug", "needs", "with_options"),
    [
        ("git", "read:repository", "write:repository"),
        ("bitbucket-pipelines", "read:repository", "write:repository"),
        (
            "jenkins",
            "read:repository read:pullrequest",
            "read:workspace read:webhook write:webhook delete:webhook",
        ),
        (
            "renovate",
            "read:repository write:repository read:pullrequest write:pullrequest read:user",
            "read:workspace",
        ),
        ("argo-cd", "read:repository", "read:pullrequest"),
        ("flux", "read:repository", ""),
        ("backstage", "read:repository", "read:project admin:repository write:repository"),
        ("terraform", "read:repository admin:repository", "delete:repository"),
        ("atlantis", "read:repository read:pullrequest", "read:user write:pullrequest"),
        ("circleci", "", ""),
    ],
)
def test_what_a_tool_needs(slug: str, needs: str, with_options: str) -> None:
    tool = TOOL_BY_SLUG[slug]
    assert needed_by(tool) == api(needs)
    assert needed_by(tool, with_optional=True) == api(needs) | api(with_options)


@pytest.mark.parametrize(
    ("slug", "missing", "excess"),
    [
        ("n8n", "", ""),
        ("renovate", "", "read:issue write:issue"),
        ("flux", "", "write:repository"),
        ("gitlab-ci", "", "write:repository"),
        ("sourcegraph", "read:project read:pullrequest", "read:account read:pipeline"),
        ("jenkins", "read:workspace", ""),
    ],
)
def test_documentation_that_asks_for_more_or_less(slug: str, missing: str, excess: str) -> None:
    difference = asks_compared(TOOL_BY_SLUG[slug])
    assert difference is not None
    assert set(difference.missing) == api(missing)
    assert set(difference.excess) == api(excess)


@pytest.mark.parametrize("slug", ["git", "jira-data-center"])
def test_nothing_is_compared_with_nothing(slug: str) -> None:
    assert asks_compared(TOOL_BY_SLUG[slug]) is None


def test_the_page_is_worked_out_from_the_data() -> None:
    assert PAGE.read_text(encoding="utf-8") == tools_page(), (
        "write it anew: python -m tokens.catalogue.adviser.tools_table > docs/tools.md"
    )


def test_the_table_has_a_line_for_each_tool() -> None:
    lines = tools_table().splitlines()
    assert len(lines) == len(TOOLS) + 2
    assert len({line.count(" | ") for line in lines}) == 1
    assert {line.split(" | ")[0].removeprefix("| ") for line in lines[2:]} == {tool.name for tool in TOOLS}
