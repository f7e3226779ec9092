"""Asking for exactly what is needed: always a person decides, and one set is one proposal."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from accounts.actors import SYSTEM
from accounts.models import Notification, User
from audit.models import Event
from tests.accounts.people import make_user
from tests.tokens.check_desk import scopes
from tests.tokens.desk import Desk, signed_in, tags
from tests.tokens.machines import REASON
from tokens.catalogue.adviser.kinds import choose_kind, scopes_to_ask_for
from tokens.catalogue.adviser.needs import Needs, needs_of, wanted_by_tasks, wanted_by_tool
from tokens.catalogue.adviser.tasks import TASKS
from tokens.catalogue.adviser.tools import TOOLS
from tokens.models import Request, Template, TemplateVersion
from tokens.operations.asking import Ask
from tokens.operations.change import NotAllowed, Stale
from tokens.operations.custom_requests import custom_draft, submit_custom_request, unsaved_version
from tokens.operations.requests import approve_request
from tokens.operations.templates import install_templates
from tokens.policy import custom_max_days
from tokens.queries import current_versions

FORM = {"reason": REASON, "where_used": "a script of mine", "lifetime_days": "7"}
TOKEN = "repository_access_token"


def submit(user: User, *short: str, kind: str = "api_token", days: int = 1, **more: Any) -> Request:
    """Submit a custom request by its scopes, past every page."""
    wanted = scopes(*short)
    ask = Ask(unsaved_version(custom_draft(wanted, kind=kind)), REASON, "a script", days, kind=kind, **more)
    return submit_custom_request(ask, wanted, acting_user=user)


def customs() -> list[TemplateVersion]:
    """Every version of a custom set."""
    return list(TemplateVersion.objects.filter(template__is_custom=True))


@pytest.mark.parametrize(
    ("short", "risk", "rule", "days"),
    [
        (["read:snippet"], "low", "approvers", 90),
        (["write:snippet"], "medium", "approvers", 90),
        (["read:webhook", "write:webhook"], "high", "approvers", 30),
        (["read:repository", "delete:repository"], "critical", "two_people", 7),
    ],
)
def test_the_riskier_the_shorter_and_never_by_a_rule(
    desk: Desk, emma: User, aria: User, short: list[str], risk: str, rule: str, days: int
) -> None:
    row = submit(emma, *short)
    version = row.template_version
    assert (row.state, row.decided_by_rule, version.risk) == ("pending", False, risk)
    assert (version.rule, version.max_days, custom_max_days(risk)) == (rule, days, days)
    assert (version.deputy_required, version.kinds) == (False, ["api_token"])
    with pytest.raises(NotAllowed, match=f"1 to {days} days"):
        submit(emma, *short, days=days + 1)
    assert Notification.objects.filter(person=aria.person, path=row.get_absolute_url()).count() == 1


def test_what_is_critical_takes_two_people(desk: Desk, emma: User, aria: User) -> None:
    row = submit(emma, "read:repository", "delete:repository")
    assert approve_request(row, acting_user=aria).state == "pending"
    with pytest.raises(Stale):
        approve_request(row, acting_user=aria)
    second = desk.user("lee", approver=True)
    assert approve_request(row, acting_user=second).state == "approved"


def test_one_set_is_one_proposal_however_often_it_is_asked_for(
    desk: Desk, emma: User, lee: User, ada: User, aria: User
) -> None:
    first = submit(emma, "read:snippet", "write:snippet")
    again = submit(lee, "write:snippet", "read:snippet", "read:snippet")
    assert first.template_version == again.template_version
    template = Template.objects.get(is_custom=True)
    assert (template.versions.count(), Request.objects.filter(template_version__template=template).count()) == (1, 2)
    assert template.versions.get().created_by == emma.person
    told = Notification.objects.get(person=ada.person)
    assert told.subject == "Proposed: a new template"
    assert "Emma" in told.body
    assert told.path == reverse("template", args=[template.slug])
    assert signed_in(ada).get(told.path).status_code == 200
    assert tags().count("template:proposed") == 1
    proposed = Event.objects.get(tag="template:proposed")
    assert proposed.actor_account_id == emma.person.account_id
    assert (proposed.subject_id, proposed.details["scopes"]) == (template.slug, scopes("read:snippet", "write:snippet"))
    assert tags()[-3:] == ["template:proposed", "request:submitted", "request:submitted"]


@pytest.mark.parametrize("other", [["read:snippet", "write:snippet"], ["read:webhook"]])
def test_another_set_is_another_proposal(desk: Desk, emma: User, ada: User, other: list[str]) -> None:
    submit(emma, "read:snippet")
    submit(emma, *other)
    assert len(customs()) == 2
    assert Notification.objects.filter(person=ada.person).count() == 2


def test_another_kind_is_another_proposal(desk: Desk, emma: User, lee: User) -> None:
    submit(emma, "read:repository")
    row = submit(emma, "read:repository", kind=TOKEN, deputy=lee.person, machine="a bot", boundary="acme/web")
    assert {tuple(version.kinds) for version in customs()} == {("api_token",), (TOKEN,)}
    assert row.template_version.deputy_required
    assert row.template_version.used_by_machine
    with pytest.raises(NotAllowed, match="deputy"):
        submit(emma, "read:repository", kind=TOKEN, machine="a bot", boundary="acme/web")
    assert len(customs()) == 2


def test_it_is_on_no_shelf(desk: Desk, emma: User) -> None:
    slug = submit(emma, "read:snippet").template_version.template.slug
    assert slug not in [version.template.slug for version in current_versions()]
    assert slug not in signed_in(emma).get(reverse("get_access")).content.decode()
    assert signed_in(emma).get(reverse("request_form", args=[slug])).status_code == 404


@pytest.mark.parametrize(
    ("short", "kind", "words"),
    [
        ([], "api_token", "nothing to ask for"),
        (["no:such"], "api_token", "no scope of API tokens"),
        (["read:issue"], "api_token", "opens nothing any more"),
        (["read:snippet", "write:issue"], "api_token", "opens nothing any more"),
        (["read:snippet"], TOKEN, "cannot do all of this"),
        (["read:repository", "write:repository"], "deploy_key", "cannot do all of this"),
        (["write:repository"], "deploy_key", "cannot do all of this"),
        (["read:repository"], "oauth_grant", "no credential of that kind"),
        (["read:repository"], "app_password", "no credential of that kind"),
        (["read:repository"], "ssh_key", "no credential of that kind"),
        (["read:repository"], "no-such-kind", "no credential of that kind"),
    ],
)
def test_what_makes_no_sense_is_refused(
    desk: Desk, emma: User, lee: User, short: list[str], kind: str, words: str
) -> None:
    ask = Ask(current_versions()[0], REASON, "a script", 1, kind=kind, deputy=lee.person, boundary="acme/web")
    with pytest.raises(NotAllowed, match=words):
        submit_custom_request(ask, scopes(*short), acting_user=emma)
    assert (customs(), Request.objects.count()) == ([], 0)


def test_a_classic_scope_is_none_of_an_api_token() -> None:
    with pytest.raises(NotAllowed, match="no scope of API tokens"):
        custom_draft(["webhook"], kind="api_token")


def test_a_deploy_key_may_read() -> None:
    assert custom_draft(scopes("read:repository"), kind="deploy_key").kinds == ("deploy_key",)


def test_names_fit_however_much_is_asked_for() -> None:
    every = scopes(*(f"{verb}:{noun}" for verb in ("read", "write") for noun in ("repository", "pullrequest", "user")))
    draft = custom_draft(every, kind="api_token")
    assert (len(draft.name), draft.name[-1]) == (80, "…")
    assert len(draft.purpose) <= 200


def test_who_may_not_ask_may_not_ask_for_this(desk: Desk, ada: User) -> None:
    with pytest.raises(PermissionDenied):
        submit(ada, "read:snippet")
    assert customs() == []


def _everything_one_can_ask() -> dict[str, Needs]:
    by_task = {task.slug: needs_of(wanted_by_tasks([task])) for task in TASKS}
    beside = {
        f"{task.slug}+who-am-i": needs_of(wanted_by_tasks([task, one]))
        for one in TASKS
        if one.slug == "who-am-i"
        for task in TASKS
    }
    by_tool = {tool.slug: needs_of(wanted_by_tool(tool, with_optional=True)) for tool in TOOLS}
    return {name: needs for name, needs in {**by_task, **beside, **by_tool}.items() if needs.api_token_scopes}


@pytest.mark.parametrize("used_by", ["person", "machine", "pipelines"])
def test_whatever_kind_the_adviser_chooses_can_be_asked_for(used_by: Any) -> None:
    refused = []
    for name, needs in _everything_one_can_ask().items():
        kind = choose_kind(needs, used_by).slug
        try:
            if kind != "none":
                custom_draft(scopes_to_ask_for(needs, kind, chosen=kind), kind=kind)
        except NotAllowed as refusal:
            refused.append((name, kind, str(refusal)))
    assert refused == []


@pytest.mark.django_db(transaction=True)
def test_the_same_set_at_the_same_moment_is_one_proposal(settings: Any) -> None:
    settings.PORTAL_ADMINS = ["712020:ada"]
    settings.BITBUCKET_WORKSPACES = ["{acme-uuid}"]
    askers = [make_user(name) for name in ("emma", "lee", "zoe", "kim")]
    ada = make_user("ada", seat=False)
    install_templates(acting_user=SYSTEM)
    gate = Barrier(len(askers))

    def ask(user: User) -> str:
        try:
            gate.wait(5)
            return submit(user, "read:snippet", "write:snippet").state
        finally:
            connection.close()

    with ThreadPoolExecutor(len(askers)) as pool:
        assert list(pool.map(ask, askers)) == ["pending"] * len(askers)
    assert len(customs()) == 1
    assert Request.objects.filter(template_version=customs()[0]).count() == len(askers)
    assert Notification.objects.filter(person=ada.person).count() == 1
    assert tags().count("template:proposed") == 1
