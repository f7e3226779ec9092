"""What the inventory reads of Bitbucket, parsed at the edge (real HTTP)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.wrappers import Request as Seen
from werkzeug.wrappers import Response

from bitbucket.cloud import CloudClient
from bitbucket.credentials import Basic
from bitbucket.errors import BadAnswer, Forbidden, Invalid, NotFound, RemoteError, ServerDown
from bitbucket.limits import RateLimits
from bitbucket.pages import FirstPage
from bitbucket.resources import (
    AccountReference,
    BranchRestriction,
    DefaultReviewer,
    DeployKey,
    Environment,
    GroupGrant,
    Pipeline,
    PipelineSshKey,
    Project,
    Repository,
    Runner,
    Schedule,
    UserGrant,
    Variable,
)
from tests.bitbucket.calls import ADDITIONS, DELETIONS, EMMA, PUBLIC_KEY, SENT, call
from tests.bitbucket.conftest import MakeTransport
from tests.bitbucket.servers import HttpService, as_json, http_service

USER = {"type": "user", "account_id": EMMA, "uuid": "{e}", "display_name": "Emma"}
HER = AccountReference(EMMA, "{e}", "Emma")
NOBODY = AccountReference("", "", "")
MAY = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
WHEN = "2026-05-01T08:30:00.000000+00:00"
KEY = PUBLIC_KEY
# The same line through `ssh-keygen -lf`.
FINGERPRINT = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"
REPO, CORE = "/2.0/repositories/acme/web", "/2.0/workspaces/acme/projects/CORE"

ROWS: list[tuple[str, str, list[Any], list[Any]]] = [
    (
        "projects",
        "/2.0/workspaces/acme/projects",
        [{"uuid": "{p}", "key": "CORE", "name": "Core"}, {"uuid": "{q}", "key": "OPS"}],
        [Project("{p}", "CORE", "Core"), Project("{q}", "OPS", "")],
    ),
    (
        "repositories",
        "/2.0/repositories/acme",
        [
            {
                "uuid": "{r}",
                "full_name": "acme/web",
                "is_private": True,
                "mainbranch": {"name": "main"},
                "project": {"key": "CORE", "uuid": "{p}"},
            }
        ],
        [Repository("{r}", "acme/web", "", True, "main", "CORE", "{p}")],
    ),
    (
        "repository_user_grants",
        f"{REPO}/permissions-config/users",
        [{"permission": "write", "user": USER}, {"permission": "steward", "user": None}],
        [UserGrant("write", EMMA, "{e}", "Emma"), UserGrant("steward", "", "", "")],
    ),
    (
        "project_user_grants",
        f"{CORE}/permissions-config/users",
        [{"permission": "create-repo", "user": USER}, {"permission": "none"}],
        [UserGrant("create-repo", EMMA, "{e}", "Emma"), UserGrant("none", "", "", "")],
    ),
    (
        "repository_group_grants",
        f"{REPO}/permissions-config/groups",
        [{"permission": "admin", "group": {"slug": "devs", "name": "Devs"}}, {"permission": "read", "group": None}],
        [GroupGrant("admin", "devs", "Devs"), GroupGrant("read", "", "")],
    ),
    (
        "project_group_grants",
        f"{CORE}/permissions-config/groups",
        [{"permission": "admin", "group": {"slug": "devs"}}],
        [GroupGrant("admin", "devs", "")],
    ),
    (
        "repository_deploy_keys",
        f"{REPO}/deploy-keys",
        [
            {"id": 7, "key": KEY, "label": "ci", "comment": "ci@host", "added_on": WHEN, "owner": USER},
            {"id": "8", "key": "ssh-rsa no%key", "created_on": WHEN, "last_used": None, "owner": None},
            {"id": 9},
        ],
        [
            DeployKey("7", "ci", "ci@host", FINGERPRINT, MAY, None, HER, KEY),
            DeployKey("8", "", "", "", MAY, None, NOBODY, ""),
            DeployKey("9", "", "", "", None, None, NOBODY, ""),
        ],
    ),
    (
        "project_deploy_keys",
        f"{CORE}/deploy-keys",
        [{"id": 9, "key": f"{KEY} ci@host", "last_used": WHEN, "created_by": USER}],
        [DeployKey("9", "", "", FINGERPRINT, None, MAY, HER, KEY)],
    ),
    (
        "branch_restrictions",
        f"{REPO}/branch-restrictions",
        [
            {"id": 1, "kind": "push", "pattern": "main", "users": [USER], "groups": [{"slug": "devs"}]},
            {"id": 2, "kind": "delete", "branch_type": "release"},
        ],
        [
            BranchRestriction("1", "push", "main", "", (HER,), ("devs",)),
            BranchRestriction("2", "delete", "", "release", None, None),
        ],
    ),
    ("repository_default_reviewers", f"{REPO}/default-reviewers", [USER], [DefaultReviewer(HER, "repository")]),
    (
        "project_default_reviewers",
        f"{CORE}/default-reviewers",
        [{"type": "default_reviewer", "reviewer_type": "project", "user": USER}, {"type": "default_reviewer"}],
        [DefaultReviewer(HER, "project"), DefaultReviewer(NOBODY, "")],
    ),
    (
        "repository_variables",
        f"{REPO}/pipelines_config/variables",
        [{"uuid": "{v}", "key": "DEPLOY", "secured": True}, {"uuid": "{w}", "key": "URL", "value": "canary-value"}],
        [Variable("{v}", "DEPLOY", True), Variable("{w}", "URL", False)],
    ),
    (
        "workspace_variables",
        "/2.0/workspaces/acme/pipelines-config/variables",
        [{"uuid": "{v}", "key": "DEPLOY", "value": "canary-value", "secured": False}],
        [Variable("{v}", "DEPLOY", False)],
    ),
    (
        "deployment_variables",
        f"{REPO}/deployments_config/environments/{{env}}/variables",
        [{"uuid": "{v}", "key": "DEPLOY", "value": "canary-value", "secured": False}],
        [Variable("{v}", "DEPLOY", False)],
    ),
    (
        "deployment_environments",
        f"{REPO}/environments",
        [{"uuid": "{env}", "name": "Production"}],
        [Environment("{env}", "Production")],
    ),
    (
        "repository_runners",
        f"{REPO}/pipelines-config/runners",
        [
            {
                "uuid": "{n}",
                "name": "one",
                "labels": ["linux"],
                "state": {"status": "ONLINE"},
                "oauth_client": {"id": "client-1", "secret": "canary-value"},
            }
        ],
        [Runner("{n}", "one", ("linux",), "ONLINE", "client-1")],
    ),
    (
        "workspace_runners",
        "/2.0/workspaces/acme/pipelines-config/runners",
        [{"uuid": "{n}"}],
        [Runner("{n}", "", (), "", "")],
    ),
    (
        "schedules",
        f"{REPO}/pipelines_config/schedules",
        [{"uuid": "{s}", "enabled": False, "cron_pattern": "0 0 3 * * ? *", "target": {"ref_name": "main"}}],
        [Schedule("{s}", False, "0 0 3 * * ? *", "main")],
    ),
]
ANSWERS: dict[str, Any] = {where: {"values": values} for _, where, values, _ in ROWS}
RUN = {"uuid": "{b}", "build_number": 12, "creator": USER, "created_on": WHEN, "target": {"ref_name": "main"}}


def client_of(service: HttpService, make_transport: MakeTransport) -> CloudClient:
    return CloudClient(make_transport(service.url + "/2.0"), Basic("bot@acme.test", "ATATTsecret"))


def test_every_listing_reads_what_bitbucket_answers(make_transport: MakeTransport) -> None:
    with http_service(lambda seen: as_json(ANSWERS[seen.path])) as service:
        client = client_of(service, make_transport)
        for name, where, _, expected in ROWS:
            assert call(client, name) == expected, name
            assert service.seen[-1].path == where
            assert service.seen[-1].args["pagelen"] == "100"
        assert client.requests_sent == len(ROWS)


def test_no_value_of_a_variable_and_no_secret_of_a_runner_is_kept(make_transport: MakeTransport) -> None:
    with http_service(lambda seen: as_json(ANSWERS[seen.path])) as service:
        client = client_of(service, make_transport)
        kept = repr([call(client, name) for name, *_ in ROWS])
    assert "DEPLOY" in kept
    assert "canary-value" not in kept


def test_a_repository_knows_its_slug() -> None:
    assert Repository("{r}", "acme/web", "Web", True, "main").slug == "web"


GRANTS: list[tuple[str, str]] = [
    ("repository_user_grant", f"{REPO}/permissions-config/users/712020:emma"),
    ("project_user_grant", f"{CORE}/permissions-config/users/712020:emma"),
]


@pytest.mark.parametrize(("name", "where"), GRANTS)
def test_one_person_s_grant_is_read_and_none_is_no_grant(name: str, where: str, make_transport: MakeTransport) -> None:
    body: dict[str, Any] = {"permission": "none", "user": USER}
    with http_service(lambda seen: as_json(body if seen.path == where else {})) as service:
        client = client_of(service, make_transport)
        assert call(client, name) == UserGrant("none", EMMA, "{e}", "Emma")
        assert not call(client, name).is_given
        body = {"permission": "admin"}
        assert call(client, name).is_given
        body = {"permission": "none", "user": {**USER, "account_id": "712020:lee"}}
        with pytest.raises(BadAnswer, match="another account"):
            call(client, name)
        body = {"permission": None, "user": USER}
        with pytest.raises(BadAnswer):
            call(client, name)


def test_a_grant_asked_for_by_uuid_is_compared_by_uuid(make_transport: MakeTransport) -> None:
    with http_service(lambda _: as_json({"permission": "read", "user": USER})) as service:
        client = client_of(service, make_transport)
        assert client.repository_user_grant("acme", "web", "{e}").permission == "read"
        with pytest.raises(BadAnswer, match="another account"):
            client.repository_user_grant("acme", "web", "{l}")


KEYS: list[tuple[str, str]] = [
    ("repository_deploy_key", f"{REPO}/deploy-keys/7"),
    ("project_deploy_key", f"{CORE}/deploy-keys/7"),
]


@pytest.mark.parametrize(("name", "where"), KEYS)
def test_one_key_is_read_and_another_one_is_an_error(name: str, where: str, make_transport: MakeTransport) -> None:
    body: dict[str, Any] = {"id": 7, "key": KEY, "label": "ci"}
    with http_service(lambda seen: as_json(body if seen.path == where else {})) as service:
        client = client_of(service, make_transport)
        assert call(client, name) == DeployKey("7", "ci", "", FINGERPRINT, None, None, NOBODY, KEY)
        body = {"id": "8", "key": KEY}
        with pytest.raises(BadAnswer, match="another key"):
            call(client, name)


ADDED = {
    "add_repository_deploy_key": f"{REPO}/deploy-keys",
    "add_project_deploy_key": f"{CORE}/deploy-keys",
}


def test_what_is_added_is_sent_as_json_and_read_back(make_transport: MakeTransport) -> None:
    assert set(ADDED) == set(ADDITIONS)
    with http_service(lambda _: as_json({"id": 7, "key": f"{KEY} a@b", "comment": "a@b"})) as service:
        client = client_of(service, make_transport)
        for name, where in ADDED.items():
            assert call(client, name) == DeployKey("7", "", "a@b", FINGERPRINT, None, None, NOBODY, KEY)
            seen = service.seen[-1]
            assert (seen.method, seen.path, seen.query_string) == ("POST", where, b"")
            assert (seen.get_json(), seen.mimetype) == (SENT, "application/json")


@pytest.mark.parametrize("name", ADDITIONS)
def test_a_refused_key_comes_with_bitbucket_s_words_but_no_secret(name: str, make_transport: MakeTransport) -> None:
    words, status = "Someone has already registered that SSH key.", 400
    body = {"type": "error", "error": {"message": words, "detail": "asked with ATATTsecret" + "." * 900}}
    with http_service(lambda _: as_json(body, status)) as service:
        client = client_of(service, make_transport)
        with pytest.raises(Invalid, match=words) as caught:
            call(client, name)
        assert "ATATTsecret" not in str(caught.value)
        assert len(caught.value.detail) <= 300
        for status, error in ((404, NotFound), (403, Forbidden), (500, ServerDown), (503, ServerDown)):  # noqa: B007
            with pytest.raises(error):
                call(client, name)


@pytest.mark.parametrize("name", ADDITIONS)
def test_an_addition_without_a_name_goes_nowhere(name: str, make_transport: MakeTransport) -> None:
    with http_service(lambda _: as_json({"id": 7})) as service:
        add = getattr(client_of(service, make_transport), name)
        for arguments in (("acme", ""), ("", "web"), ("acme", "..")):
            with pytest.raises(ValueError, match="segment"):
                add(*arguments, **SENT)
        assert service.seen == []


DELETED = {
    "delete_repository_user_grant": f"{REPO}/permissions-config/users/712020:emma",
    "delete_repository_group_grant": f"{REPO}/permissions-config/groups/developers",
    "delete_project_user_grant": f"{CORE}/permissions-config/users/712020:emma",
    "delete_project_group_grant": f"{CORE}/permissions-config/groups/developers",
    "delete_repository_deploy_key": f"{REPO}/deploy-keys/7",
    "delete_project_deploy_key": f"{CORE}/deploy-keys/7",
}


def test_a_deletion_is_accepted_by_204_alone(make_transport: MakeTransport) -> None:
    assert set(DELETED) == set(DELETIONS)
    status = 204
    with http_service(lambda _: Response("", status)) as service:
        client = client_of(service, make_transport)
        for name, where in DELETED.items():
            status = 204
            call(client, name)
            assert (service.seen[-1].method, service.seen[-1].path) == ("DELETE", where)
            for status, error in ((200, BadAnswer), (202, BadAnswer), (404, NotFound), (403, Forbidden)):  # noqa: B007
                with pytest.raises(error):
                    call(client, name)


@pytest.mark.parametrize("name", DELETIONS)
def test_a_deletion_without_a_name_goes_nowhere(name: str, make_transport: MakeTransport) -> None:
    with http_service(lambda _: Response("", 204)) as service:
        delete = getattr(client_of(service, make_transport), name)
        for arguments in (("acme", "web", ""), ("acme", "", "x"), ("", "web", "x"), ("acme", "web", "..")):
            with pytest.raises(ValueError, match="segment"):
                delete(*arguments)
        assert service.seen == []


def runs(seen: Seen) -> Response:
    """Three pages of one run each."""
    number = int(seen.args.get("page", "1"))
    more = {"next": f"{seen.base_url}?page={number + 1}"} if number < 3 else {}
    trigger = {"type": "pipeline_trigger_push"} if number == 1 else {"type": "x", "name": "MANUAL"}
    return as_json({"values": [{**RUN, "build_number": 13 - number, "trigger": trigger}], **more})


@pytest.mark.parametrize(("most", "had", "has_more"), [(1, 1, True), (2, 2, True), (3, 3, False), (9, 3, False)])
def test_pipelines_are_read_no_further_than_allowed(
    most: int, had: int, has_more: bool, make_transport: MakeTransport
) -> None:
    with http_service(runs) as service:
        found = client_of(service, make_transport).pipelines("acme", "web", pages_at_most=most, creator_uuid="{e}")
    expected = [
        Pipeline("{b}", 12 - index, HER, "MANUAL" if index else "pipeline_trigger_push", "main", MAY)
        for index in range(had)
    ]
    assert found == FirstPage(tuple(expected), has_more)
    assert len(service.seen) == had
    assert service.seen[0].args.to_dict() == {"pagelen": "100", "sort": "-created_on", "creator.uuid": "{e}"}


def test_a_run_of_nobody_is_a_run(make_transport: MakeTransport) -> None:
    with http_service(lambda _: as_json({"values": [{"uuid": "{b}", "creator": None}]})) as service:
        found = client_of(service, make_transport).pipelines("acme", "web")
    assert found.items == (Pipeline("{b}", 0, NOBODY, "", "", None),)


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("projects", {"uuid": "{p}"}),
    ("repository_user_grants", {"user": USER}),
    ("repository_user_grants", {"permission": "read", "user": "Emma"}),
    ("repository_user_grants", {"permission": "read", "user": {"account_id": 5}}),
    ("repository_deploy_keys", {"label": "no id"}),
    ("repository_deploy_keys", {"id": True}),
    ("repository_deploy_keys", {"id": 7, "added_on": "yesterday"}),
    ("branch_restrictions", {"id": 1, "kind": "push", "users": {}}),
    ("repository_default_reviewers", {"uuid": "{e}"}),
    ("repository_variables", {"uuid": "{v}", "key": "K", "secured": "yes"}),
    ("repository_runners", {"uuid": "{n}", "labels": ["linux", 7]}),
    ("schedules", {"uuid": "{s}", "enabled": 1}),
    ("pipelines", {"uuid": "{b}", "build_number": "12"}),
]


def test_an_item_of_another_shape_is_an_error(make_transport: MakeTransport) -> None:
    body: Any = {}
    with http_service(lambda _: as_json({"values": [body]})) as service:
        client = client_of(service, make_transport)
        for name, body in WRONG:  # noqa: B007
            with pytest.raises(BadAnswer):
                call(client, name)


@pytest.mark.parametrize("text", ["a\\ud800b", "a\\u0000b", "\\udfff"])
def test_text_that_nothing_can_store_is_mended_where_it_comes_in(text: str, make_transport: MakeTransport) -> None:
    body = f'{{"values": [{{"uuid": "{{p}}", "key": "CORE", "name": "{text}"}}]}}'
    with http_service(lambda _: Response(body, content_type="application/json")) as service:
        (project,) = client_of(service, make_transport).projects("acme")
    assert project.name.encode().decode() == project.name
    assert "\ufffd" in project.name
    assert "\0" not in project.name


TOLD: list[tuple[dict[str, str], RateLimits | None]] = [
    ({}, None),
    ({"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "4999"}, RateLimits(5000, 4999)),
    ({}, RateLimits(5000, 4999)),
    ({"X-RateLimit-Limit": "many"}, RateLimits(5000, 4999)),
    ({"X-RateLimit-Limit": "1000"}, RateLimits(1000, None)),
]


def test_the_vendor_s_limit_is_remembered_as_it_last_told_it(make_transport: MakeTransport) -> None:
    headers: dict[str, str] = {}
    with http_service(lambda _: as_json({"values": []}, headers=headers)) as service:
        client = client_of(service, make_transport)
        for headers, remembered in TOLD:  # noqa: B007
            list(client.projects("acme"))
            assert client.last_limits == remembered


def test_a_limit_is_told_with_a_refusal_too(make_transport: MakeTransport) -> None:
    with http_service(lambda _: Response("", 429, {"X-RateLimit-Remaining": "0"})) as service:
        client = client_of(service, make_transport)
        with pytest.raises(RemoteError):
            list(client.projects("acme"))
        assert client.last_limits is not None
        assert client.last_limits.remaining == 0


def test_a_pipelines_key_is_told_by_its_fingerprint_and_never_by_a_private_half(make_transport: MakeTransport) -> None:
    where = f"{REPO}/pipelines_config/ssh/key_pair"
    body: dict[str, Any] = {"type": "pipeline_ssh_key_pair", "public_key": KEY, "private_key": "canary-value"}
    with http_service(lambda seen: as_json(body) if seen.path == where else Response("", 404)) as service:
        client = client_of(service, make_transport)
        found = call(client, "pipelines_ssh_key")
        assert found == PipelineSshKey(FINGERPRINT)
        body = {"public_key": "no key"}
        assert call(client, "pipelines_ssh_key") == PipelineSshKey("")
        for body in ({}, {"public_key": None}, {"public_key": ""}):  # noqa: B007
            with pytest.raises(BadAnswer):
                call(client, "pipelines_ssh_key")
        with pytest.raises(NotFound):
            call(client, "pipelines_ssh_key", {"repository": "api"})
