"""Access tokens of a project and of a workspace, from the request to the proof of their end, with real git."""

from collections.abc import Iterator

import pytest
import requests

from tests.e2e.story import Story
from tests.e2e.story_access_token import ask, end, git_with, make, status_of

pytestmark = pytest.mark.e2e
# (form, kind, boundary, a repository that it opens, what the API must not give it)
KINDS = {
    "project": ("ci-check-out-and-report", "project_access_token", "acme/PROD", "acme/web"),
    "workspace": ("dependency-bot", "workspace_access_token", "acme", "acme/api"),
}


@pytest.fixture
def aria_owns_the_workspace(told_story: Story) -> Iterator[None]:
    """Only an owner makes a workspace's token."""
    url = f"{told_story.stack.sandbox_url}/_sandbox/workspaces/acme/members/aria"
    requests.post(url, json={"permission": "owner"}, timeout=10).raise_for_status()
    yield
    requests.post(url, json={"permission": "member"}, timeout=10).raise_for_status()


@pytest.fixture(autouse=True)
def some_minutes_pass(told_story: Story) -> None:
    """Aria has pasted as often as one may within ten minutes; there is no other clock to move."""
    forget = "from tokens.models import PasteAttempt; PasteAttempt.objects.all().delete()"
    done = told_story.stack.manage("shell", "--command", forget)
    assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("aria_owns_the_workspace")
@pytest.mark.parametrize("name", KINDS)
def test_it_works_and_is_taken_away_with_proof(told_story: Story, name: str) -> None:
    slug, kind, boundary, repository = KINDS[name]
    form = f"/get-access/{slug}/?used_by=machine&kind={kind}"
    request = ask(told_story, form, reason="Builds of all of it", boundary=boundary)
    address = make(told_story, request, name)
    cloned = git_with(told_story, name).clone(repository, "code")
    assert cloned.worked, cloned.said
    assert status_of(told_story, name, "repositories/sidecar/sidecar") != 200, "it opens another workspace"
    end(told_story, address, name)
    assert not git_with(told_story, name).clone(repository, "after").worked
    assert status_of(told_story, name, f"repositories/{repository}") == 401
