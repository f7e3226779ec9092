"""Both clients against the sandbox: every call is served, and what is taken away is gone when it is read again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bitbucket.admin import AdminClient
from bitbucket.cloud import CloudClient
from bitbucket.credentials import Basic, Bearer
from bitbucket.errors import Invalid, NotFound
from bitbucket.transport import Transport
from sandbox.deploy_keys import fingerprint, public_key
from sandbox.scopes import API_TOKEN_SCOPES
from sandbox.server import start
from tests.bitbucket.calls import READS, call
from tests.sandbox.helper import Caller


@dataclass
class Pair:
    """The two clients and the sandbox they speak to."""

    caller: Caller
    cloud: CloudClient
    admin: AdminClient


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """One sandbox for all."""
    with start(repositories=30, members=6, tokens=30, hourly_limit=0) as running:
        caller = Caller(running)
        secret = caller.token(*API_TOKEN_SCOPES, account="audit-bot")["secret"]
        with Transport(f"{running.url}/2.0") as transport, Transport(running.url) as organisation:
            yield Pair(
                caller,
                CloudClient(transport, Basic(caller.audit_bot()[0], secret)),
                AdminClient(organisation, Bearer(caller.environment["ATLASSIAN_REVOKE_KEY"])),
            )


def test_every_read_is_served(pair: Pair) -> None:
    cloud = pair.cloud
    [environment, *_] = cloud.deployment_environments("acme", "web")
    [repository] = [one for one in cloud.repositories("acme") if one.slug == "web"]
    values = {
        "key": repository.project_key,
        "account": pair.caller.account_id("lee"),
        "environment_uuid": environment.uuid,
        "user_uuid": pair.caller.uuid("lee"),
    }
    pair.caller.lever(f"/workspaces/acme/projects/{repository.project_key}/users/lee", permission="write")
    # Of all repositories only this one's pipelines have a key.
    elsewhere = {
        "pipelines_ssh_key": {"repository": "infrastructure"},
        "repository_deploy_key": {"key_id": next(cloud.repository_deploy_keys("acme", "web")).id},
        "project_deploy_key": {"key": "PROD", "key_id": next(cloud.project_deploy_keys("acme", "PROD")).id},
    }
    given = {name: call(cloud, name, values | elsewhere.get(name, {})) for name in READS}
    empty = {name for name, found in given.items() if getattr(found, "items", found) in ([], ())}
    assert empty <= {"repository_default_reviewers", "repository_runners", "schedules", "project_default_reviewers"}
    for level in ("repository", "project"):
        assert given[f"{level}_user_grant"] in given[f"{level}_user_grants"]


def test_a_grant_and_a_key_that_are_taken_away_are_gone(pair: Pair) -> None:
    cloud, lee = pair.cloud, pair.caller.account_id("lee")
    pair.caller.lever("/workspaces/acme/projects/PROD/users/lee", permission="write")
    assert cloud.project_user_grant("acme", "PROD", lee).permission == "write"
    cloud.delete_project_user_grant("acme", "PROD", lee)
    cloud.delete_repository_user_grant("acme", "web", lee)
    with pytest.raises(NotFound):
        cloud.delete_repository_user_grant("acme", "web", lee)
    assert lee not in {one.account_id for one in cloud.repository_user_grants("acme", "web")}
    assert lee not in {one.account_id for one in cloud.project_user_grants("acme", "PROD")}
    group = next(cloud.repository_group_grants("acme", "web")).group_slug
    cloud.delete_repository_group_grant("acme", "web", group)
    assert group not in {one.group_slug for one in cloud.repository_group_grants("acme", "web")}
    key = next(cloud.repository_deploy_keys("acme", "web"))
    cloud.delete_repository_deploy_key("acme", "web", key.id)
    assert key.id not in {one.id for one in cloud.repository_deploy_keys("acme", "web")}


@pytest.mark.parametrize("level", ["repository", "project"])
def test_a_key_that_is_added_is_read_again_as_it_was_made(pair: Pair, level: str) -> None:
    cloud, text = pair.cloud, public_key("added", level)
    if level == "repository":
        made = cloud.add_repository_deploy_key("acme", "docs", key=f"{text} ci@build", label="bcp-7K2QXM build")
        again, listed = (
            cloud.repository_deploy_key("acme", "docs", made.id),
            cloud.repository_deploy_keys("acme", "docs"),
        )
    else:
        made = cloud.add_project_deploy_key("acme", "LABS", key=f"{text} ci@build", label="bcp-7K2QXM build")
        again, listed = cloud.project_deploy_key("acme", "LABS", made.id), cloud.project_deploy_keys("acme", "LABS")
    assert (made.key, made.comment, made.label) == (text, "ci@build", "bcp-7K2QXM build")
    assert (made.fingerprint, made.last_used_at) == (fingerprint(text), None)
    assert made.added_by.account_id == pair.caller.account_id("audit-bot")
    assert again == made
    assert made in list(listed)


@pytest.mark.parametrize("level", ["repository", "project"])
def test_a_key_that_is_known_is_refused_in_bitbuckets_words(pair: Pair, level: str) -> None:
    cloud, text = pair.cloud, public_key("twice", level)
    add, place = (
        (cloud.add_repository_deploy_key, "docs") if level == "repository" else (cloud.add_project_deploy_key, "LABS")
    )
    add("acme", place, key=text, label="once")
    theirs = pair.caller.running.world.ssh_keys[0].key
    for key, words in (
        (text, f"already been added to this {level}"),
        (theirs, "Someone has already registered that SSH key"),
        ("hello world", "Invalid SSH key"),
    ):
        with pytest.raises(Invalid, match=words) as caught:
            add("acme", place, key=key, label="again")
        assert (caught.value.status, words in caught.value.detail) == (400, True)
    with pytest.raises(NotFound):
        add("acme", "NOWHERE", key=public_key("nowhere"), label="x")


def test_a_key_of_another_place_is_not_found(pair: Pair) -> None:
    made = pair.cloud.add_repository_deploy_key("acme", "docs", key=public_key("elsewhere"), label="x")
    with pytest.raises(NotFound):
        pair.cloud.repository_deploy_key("acme", "api", made.id)
    pair.cloud.delete_repository_deploy_key("acme", "docs", made.id)
    with pytest.raises(NotFound):
        pair.cloud.repository_deploy_key("acme", "docs", made.id)


def test_the_newest_token_is_the_first_and_pages_are_the_listing(pair: Pair) -> None:
    made = pair.caller.token("read:repository:bitbucket", account="lee")["id"]
    org, admin = pair.caller.environment["ATLASSIAN_ORG_ID"], pair.admin
    newest = admin.newest_organisation_tokens(org, page_size=5)
    assert newest.items[0].id == made
    assert (len(newest.items), newest.has_more) == (5, True)
    pages = list(admin.organisation_token_pages(org, sort="createdAt", page_size=10))
    assert len(pages) > 2
    assert [one for page in pages for one in page] == admin.organisation_tokens(org, sort="createdAt")


def test_events_go_on_where_they_were_left(pair: Pair) -> None:
    org, admin = pair.caller.environment["ATLASSIAN_ORG_ID"], pair.admin
    page = admin.events(org, since=datetime.now(UTC) - timedelta(hours=1))
    made = pair.caller.token("read:repository:bitbucket", account="lee")["id"]
    fresh = admin.events(org, cursor=page.next_cursor).events
    assert made in {one.id for event in fresh for one in event.context}
    assert {event.id for event in page.events}.isdisjoint(event.id for event in fresh)


def test_a_suspended_account_has_no_access_until_it_is_restored(pair: Pair) -> None:
    environment, member = pair.caller.environment, pair.caller.account_id("member-2")
    where = environment["ATLASSIAN_ORG_ID"], environment["ATLASSIAN_DIRECTORY_ID"], member
    pair.admin.suspend_account(*where)
    suspended = pair.caller.running.world.account(member)
    assert suspended is not None
    secret = pair.caller.token("read:user:bitbucket", account="member-2")["secret"]
    asked = pair.caller.rest("/user", (suspended.email, secret)).status_code
    pair.admin.restore_account(*where)
    assert (asked, pair.caller.rest("/user", (suspended.email, secret)).status_code) == (401, 200)
