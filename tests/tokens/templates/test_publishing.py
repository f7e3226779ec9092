"""Publishing, retiring and installing: what is refused, what is kept, who comes first."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.actors import SYSTEM
from accounts.models import User
from audit.models import Event
from tests.accounts.people import make_user
from tests.tokens.catalogue.template_table import EVERY
from tests.tokens.desk import Desk, tags
from tests.tokens.templates.drafts import READER, current_draft, with_scopes
from tokens.models import Template, TemplateVersion
from tokens.operations.change import NotAllowed, Stale
from tokens.operations.requests import approve_request
from tokens.operations.templates import (
    Publication,
    Unpublishable,
    dismiss_proposal,
    install_templates,
    publish_version,
    publish_versions,
    restore_template,
    retire_template,
)
from tokens.queries import current_version, current_versions

SLUG = "manage-webhooks"


def change(slug: str = SLUG, **changes: Any) -> Publication:
    """A change of a shipped template."""
    version, draft = current_draft(slug)
    return Publication(replace(draft, **changes), version.number, "Because")


def test_all_twenty_are_installed_in_order_with_every_column(desk: Desk) -> None:
    TemplateVersion.objects.all().delete()
    Template.objects.all().delete()
    done = install_templates(acting_user=SYSTEM)
    assert done.installed == [row.slug for row in EVERY]
    assert tags() == ["template:installed"] * len(EVERY)
    assert [version.template.slug for version in current_versions()] == [row.slug for row in EVERY]
    assert [version.template.position for version in current_versions()] == list(range(20))
    clone = current_version("clone-and-pull")
    assert clone.machine_kinds == ["deploy_key", "repository_access_token"]
    assert clone.tasks == ["Clone a repository", "Fetch and pull"]
    assert all(version.tasks for version in current_versions())
    assert current_version("delete-repositories").justification


def test_installing_again_changes_nothing(desk: Desk) -> None:
    """The tests' own shelf is what installing leaves, or this would change it."""
    before = list(TemplateVersion.objects.values())
    done = install_templates(acting_user=SYSTEM)
    assert (done.installed, done.left) == ([], {})
    assert list(TemplateVersion.objects.values()) == before


def test_what_the_project_changes_arrives_where_nobody_here_did(desk: Desk, ada: User) -> None:
    TemplateVersion.objects.filter(template__slug="ci-release").update(max_days=60)
    TemplateVersion.objects.filter(template__slug="run-pipelines").update(change_note="", guidance="Older words.")
    publish_version(change(max_days=14), acting_user=ada)
    retired = Template.objects.get(slug="gitops-reader")
    TemplateVersion.objects.filter(template=retired).update(max_days=9)
    retire_template(retired, because="Nobody needs it", acting_user=ada)
    done = install_templates(acting_user=SYSTEM)
    assert done.installed == ["ci-release", "run-pipelines"]
    assert done.left == {SLUG: "version 2 was made here", "gitops-reader": "it is retired here"}
    assert (current_version("ci-release").number, current_version("ci-release").max_days) == (2, 90)
    assert current_version(SLUG).max_days == 14
    retired.refresh_from_db()
    assert (retired.retired_at is not None, retired.versions.count()) == (True, 1)


def test_the_command_says_what_it_left(desk: Desk, ada: User, capsys: pytest.CaptureFixture[str]) -> None:
    publish_version(change(max_days=14), acting_user=ada)
    call_command("install_templates")
    assert capsys.readouterr().out.splitlines() == [
        "Nothing new to install.",
        f"Left as it is: {SLUG}, because version 2 was made here.",
    ]


def test_a_version_is_a_new_row_and_the_trail_says_what_changed(desk: Desk, ada: User) -> None:
    before = TemplateVersion.objects.filter(template__slug=SLUG).values().get()
    wider = with_scopes(current_draft(SLUG)[1], "read:webhook write:webhook read:repository", max_days=14)
    version = publish_version(Publication(wider, 1, "Repositories too"), acting_user=ada)
    assert TemplateVersion.objects.filter(template__slug=SLUG, number=1).values().get() == before
    assert (version.number, version.created_by, version.risk) == (2, ada.person, "high")
    event = Event.objects.latest("seq")
    assert (event.tag, event.actor_account_id) == ("template:published", ada.person.account_id)
    assert event.details["changes"][:1] == ["adds read:repository"]
    assert "Longest life: 30 days → 14 days" in event.details["changes"]
    assert (event.details["version"], event.details["note"]) == (2, "Repositories too")


def test_what_waits_under_an_old_version_keeps_its_scopes(desk: Desk, ada: User, emma: User, aria: User) -> None:
    request = desk.ask(emma, SLUG, 30)
    publish_version(Publication(with_scopes(current_draft(SLUG)[1], "read:webhook", max_days=7), 1), acting_user=ada)
    approved = approve_request(request, acting_user=aria)
    assert (approved.state, approved.scopes) == ("approved", ["read:webhook:bitbucket", "write:webhook:bitbucket"])
    assert approved.template_version.number == 1
    with pytest.raises(NotAllowed, match="1 to 7 days"):
        desk.ask(emma, SLUG, 30)


def test_the_linters_errors_keep_it_from_being_published(desk: Desk, ada: User) -> None:
    with pytest.raises(Unpublishable) as refused:
        publish_version(change(scopes=("read:*",)), acting_user=ada)
    assert "wildcard_scope" in {message.code for message in refused.value.messages}
    for note in ("ATATT3xFfGF0" + "a1" * 30, "x" * 301, "two\nlines"):
        with pytest.raises(Unpublishable, match="one line"):
            publish_version(replace(change(max_days=14), note=note), acting_user=ada)
    with pytest.raises(Unpublishable, match="Nothing changed"):
        publish_version(change(), acting_user=ada)
    assert current_version(SLUG).number == 1


def test_warnings_do_not_keep_it(desk: Desk, ada: User) -> None:
    assert publish_version(change(tasks=()), acting_user=ada).number == 2


@pytest.mark.parametrize("who", ["otto", "emma", "aria"])
def test_only_admins_change_templates(desk: Desk, who: str, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(who)
    template = Template.objects.get(slug=SLUG)
    with pytest.raises(PermissionDenied):
        publish_version(change(max_days=14), acting_user=user)
    with pytest.raises(PermissionDenied):
        retire_template(template, because="No", acting_user=user)
    with pytest.raises(PermissionDenied):
        restore_template(template, acting_user=user)
    with pytest.raises(PermissionDenied):
        dismiss_proposal(template, acting_user=user)


def test_an_admin_who_is_none_any_more(desk: Desk, ada: User, settings: Any) -> None:
    publication = change(max_days=14)
    settings.PORTAL_ADMINS = []
    with pytest.raises(PermissionDenied):
        publish_version(publication, acting_user=ada)


def test_the_second_from_the_same_version_is_stale(desk: Desk, ada: User) -> None:
    first, second = change(max_days=14), change(max_days=7)
    publish_version(first, acting_user=ada)
    with pytest.raises(Stale, match=f"Version 2 was published by {ada.person}"):
        publish_version(second, acting_user=ada)
    with pytest.raises(Stale, match="already"):
        publish_version(Publication(replace(READER, slug=SLUG), 0), acting_user=ada)
    with pytest.raises(Stale, match="not there"):
        publish_version(Publication(READER, 1), acting_user=ada)


def test_several_are_published_together_or_not_at_all(desk: Desk, ada: User) -> None:
    good, late = change(max_days=14), Publication(replace(READER, slug="ci-release"), 0)
    with pytest.raises(Stale):
        publish_versions([good, late], acting_user=ada)
    assert current_version(SLUG).number == 1
    assert "template:published" not in tags()
    assert len(publish_versions([good, Publication(READER, 0)], acting_user=ada)) == 2
    assert tags()[-2:] == ["template:published", "template:published"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("slug", [SLUG, READER.slug])
def test_two_admins_at_the_same_moment(settings: Any, slug: str) -> None:
    settings.PORTAL_ADMINS = ["712020:ada", "712020:zoe"]
    admins = [make_user("ada", seat=False), make_user("zoe", seat=False)]
    install_templates(acting_user=SYSTEM)
    known = slug == SLUG
    base = current_draft(slug)[1] if known else READER
    gate = Barrier(2)

    def publish(admin: User) -> str:
        try:
            gate.wait(5)
            days = 10 + admins.index(admin)
            publish_version(Publication(replace(base, max_days=days), int(known), "Because"), acting_user=admin)
        except Stale:
            return "stale"
        finally:
            connection.close()
        return "published"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(publish, admins)) == ["published", "stale"]
    assert TemplateVersion.objects.filter(template__slug=slug).count() == int(known) + 1


def test_retired_once_restored_once(desk: Desk, ada: User) -> None:
    template = Template.objects.get(slug=SLUG)
    with pytest.raises(NotAllowed, match="why"):
        retire_template(template, because=" ", acting_user=ada)
    with pytest.raises(Stale):
        restore_template(template, acting_user=ada)
    publication = change(max_days=14)
    retire_template(template, because="Nobody needs it", acting_user=ada)
    with pytest.raises(Stale):
        retire_template(template, because="Again", acting_user=ada)
    with pytest.raises(NotAllowed, match="retired"):
        publish_version(publication, acting_user=ada)
    restore_template(template, acting_user=ada)
    template.refresh_from_db()
    assert (template.retired_at, template.retired_because) == (None, "")
    details = Event.objects.latest("seq").details
    assert details["was_retired_because"] == "Nobody needs it"


def test_custom_sets_are_only_answered(desk: Desk, ada: User) -> None:
    publication = change(max_days=14)
    Template.objects.filter(slug=SLUG).update(is_custom=True)
    template = Template.objects.get(slug=SLUG)
    with pytest.raises(NotAllowed):
        publish_version(publication, acting_user=ada)
    with pytest.raises(NotAllowed):
        retire_template(template, because="No", acting_user=ada)
    dismiss_proposal(template, acting_user=ada)
    with pytest.raises(Stale):
        dismiss_proposal(template, acting_user=ada)
    with pytest.raises(NotAllowed):
        dismiss_proposal(Template.objects.get(slug="ci-release"), acting_user=ada)
    assert Template.objects.get(slug=SLUG).dismissed_at <= timezone.now()  # type: ignore[operator]
    assert SLUG not in {version.template.slug for version in current_versions()}
