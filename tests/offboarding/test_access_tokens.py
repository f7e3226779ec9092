"""Access tokens that a leaver holds, answers for or made: each is a task, with the way to its place's settings."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Person, User
from offboarding.states import StepKind
from tests.offboarding.leaving import Leaving
from tests.tokens.making import know_places
from tokens.boundaries import boundary_of, settings_page
from tokens.models import Credential, Project, Request
from tokens.queries import current_version


def token_of(
    holder: Person, kind: str, boundary: str, *, deputy: Person | None = None, creator: Person | None = None
) -> Credential:
    """A registered access token."""
    now = timezone.now()
    request = Request.objects.create(
        code=f"bcp-{Request.objects.count():06}",
        person=holder,
        deputy=deputy,
        template_version=current_version("ci-release"),
        kind=kind,
        boundary=boundary,
        scopes=["read:repository:bitbucket"],
        scopes_hash="0" * 64,
        risk="low",
        reason="The nightly report",
        where_used="the build server",
        lifetime_days=30,
        state="issued",
        submitted_at=now,
    )
    place = boundary_of(request)
    return Credential.objects.create(
        request=request,
        holder=holder,
        creator=creator,
        kind=kind,
        name=f"{request.code} CI: release",
        scopes=["repository"],
        holder_proof="declared",
        binding="no_listing",
        registered_at=now,
        workspace=place.workspace,
        repository=place.repository,
        project=place.project,
    )


def test_each_tie_is_a_task_with_the_way_to_the_settings(
    leaving: Leaving, lee: User, emma: User, settings: Any
) -> None:
    know_places(leaving.desk)
    key = Project.objects.filter(workspace__slug="acme").order_by("pk")[0].key
    held = token_of(lee.person, "repository_access_token", "acme/web", creator=emma.person)
    answered = token_of(emma.person, "project_access_token", f"acme/{key.lower()}", deputy=lee.person)
    made = token_of(emma.person, "workspace_access_token", "acme", creator=lee.person)
    token_of(emma.person, "repository_access_token", "acme/api", creator=emma.person)
    plan = leaving.started()
    steps = {step.credential_id: step for step in plan.steps.filter(kind=StepKind.ACCESS_TOKEN)}
    assert set(steps) == {held.pk, answered.pk, made.pk}
    web = settings.BITBUCKET_WEB_URL
    assert steps[held.pk].link == f"{web}/acme/web/admin/access-tokens"
    assert steps[answered.pk].link == f"{web}/acme/workspace/projects/{key}/settings/access-tokens"
    assert steps[made.pk].link == f"{web}/acme/workspace/settings/access-tokens"
    assert "holds it" in steps[held.pk].detail
    assert "as the deputy" in steps[answered.pk].detail
    assert "made it, and has seen its secret" in steps[made.pk].detail


@pytest.mark.parametrize(
    ("kind", "place"),
    [("repository_access_token", "acme"), ("workspace_access_token", "acme/web"), ("project_access_token", "")],
)
def test_a_name_without_the_right_shape_has_words_and_no_link(kind: str, place: str) -> None:
    page = settings_page(kind, place)
    assert page.link == ""
    assert page.words.endswith("Access tokens")
