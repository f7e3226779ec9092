"""The tasks: words a person would say, calls that exist, and the smallest set comes out right."""

import re
from itertools import groupby

import pytest

from tests.tokens.catalogue.names import api
from tests.tokens.catalogue.test_official_document import DOCUMENT
from tokens.catalogue.adviser.model import Task
from tokens.catalogue.adviser.needs import needs_of, wanted_by_tasks
from tokens.catalogue.adviser.tasks import GROUPS, TASK_BY_SLUG, TASKS
from tokens.catalogue.operations import OPERATION_BY_NAME

JARGON = re.compile(r"\b(?:API|REST|OAuth|endpoints?|scopes?|GET|PUT|POST|DELETE|src|refs?|hooks?|uuid)\b")


def needed(*slugs: str) -> frozenset[str]:
    """The scopes of some tasks together."""
    return frozenset(needs_of(wanted_by_tasks(TASK_BY_SLUG[slug] for slug in slugs)).api_token_scopes)


def test_the_groups_stand_in_their_order() -> None:
    assert GROUPS == (
        "Git",
        "Pull requests",
        "Builds and reports",
        "Pipelines",
        "Runners",
        "Webhooks",
        "Repositories",
        "Projects",
        "People and access",
        "Keys",
        "Snippets",
        "Your own account",
        "Downloads",
    )
    assert [group for group, _ in groupby(TASKS, key=lambda task: task.group)] == list(GROUPS)


def test_every_task_has_a_slug_and_words_of_its_own() -> None:
    assert len(TASK_BY_SLUG) == len(TASKS) == len({task.words for task in TASKS})
    assert all(re.fullmatch(r"[a-z]+(?:-[a-z]+)*", slug) for slug in TASK_BY_SLUG)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.slug)
def test_the_words_are_those_of_a_person(task: Task) -> None:
    assert task.words[0].isupper()
    assert not task.words.endswith(".")
    assert not JARGON.search(task.words)
    assert not task.note or (task.note[0].isupper() and task.note.endswith("."))


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.slug)
def test_every_call_lives_and_says_what_it_needs(task: Task) -> None:
    assert task.calls
    assert len(set(task.calls)) == len(task.calls)
    for call in task.calls:
        operation = OPERATION_BY_NAME[call]
        assert operation.removed_on is None, call
        assert not operation.deprecated, call
        assert operation.api_token_scopes is not None, call


@pytest.mark.skipif(not DOCUMENT.is_file(), reason="BITBUCKET'S API DOCUMENT IS NOT HERE (set BITBUCKET_OPENAPI)")
def test_every_call_is_spelt_as_in_the_document(names_in_document: frozenset[str]) -> None:
    calls = {call for task in TASKS for call in task.calls if not call.startswith("git ")}
    assert calls <= names_in_document


@pytest.mark.parametrize(
    ("slug", "scopes"),
    [
        ("fetch", "read:repository"),
        ("push", "read:repository write:repository"),
        ("list-pull-requests", "read:pullrequest"),
        ("comment-pull-request", "read:pullrequest"),
        ("pull-request-tasks", "read:pullrequest"),
        ("open-pull-request", "read:pullrequest write:pullrequest"),
        ("approve-pull-request", "read:pullrequest write:pullrequest"),
        ("merge-pull-request", "read:pullrequest write:pullrequest"),
        ("post-build-status", "read:repository"),
        ("post-report", "read:repository"),
        ("read-pipelines", "read:pipeline"),
        ("run-pipeline", "read:pipeline write:pipeline"),
        ("edit-repository-variables", "read:pipeline admin:pipeline"),
        ("register-runner", "read:runner write:runner"),
        ("create-webhook", "read:webhook write:webhook"),
        ("delete-webhook", "read:webhook delete:webhook"),
        ("delete-repository", "read:repository delete:repository"),
        ("create-repository", "admin:repository"),
        ("branch-restrictions", "admin:repository"),
        ("list-deploy-keys", "admin:repository"),
        ("add-deploy-key", "admin:repository write:ssh-key"),
        ("own-ssh-keys", "read:ssh-key write:ssh-key delete:ssh-key"),
        ("who-am-i", "read:user"),
        ("upload-downloads", "write:repository"),
    ],
)
def test_the_smallest_set_comes_out_right(slug: str, scopes: str) -> None:
    assert needed(slug) == api(scopes)


@pytest.mark.parametrize(
    ("slugs", "scopes"),
    [
        ("fetch post-build-status post-report comment-pull-request", "read:repository read:pullrequest"),
        ("fetch push open-pull-request", "read:repository write:repository read:pullrequest write:pullrequest"),
        ("list-repositories read-files list-projects list-members", "read:repository read:project read:workspace"),
        (
            "grant-repository-access grant-project-access",
            "read:repository admin:repository read:project admin:project write:permission delete:permission",
        ),
    ],
)
def test_tasks_together_are_what_a_shipped_template_holds(slugs: str, scopes: str) -> None:
    assert needed(*slugs.split()) == api(scopes)
