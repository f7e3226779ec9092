"""What can this do? Every answer, against the real sandbox."""

import pytest
from django.urls import reverse

from accounts.models import User
from tests.tokens.check_desk import access_token, api_token, last_event, paste, scopes, text_of
from tests.tokens.desk import Desk, signed_in

ACCESS_KINDS = {
    "repo_access_token": "repository_access_token",
    "project_access_token": "project_access_token",
    "workspace_access_token": "workspace_access_token",
}


def test_the_page_warns_of_organisation_keys_before_anything_is_pasted(desk: Desk, emma: User) -> None:
    page = text_of(signed_in(emma).get(reverse("check")))
    assert "organisation&#x27;s API key" in page
    assert 'type="password"' in page
    assert desk.sent() == 0


@pytest.mark.usefixtures("email_switch")
def test_exactly_a_template(desk: Desk, emma: User) -> None:
    answer = paste(emma, api_token(desk, "read:repository", "write:repository").secret)
    page = text_of(answer)
    assert answer.status_code == 200
    assert "Exactly “Clone, pull and push”" in page
    assert reverse("request_form", args=["clone-pull-and-push"]) in page
    assert "Push commits" in page, "its scopes stand there in words"
    assert "Medium risk" in page
    assert "Worth knowing" in page
    assert last_event().details == {"kind": "api_token", "result": "read", "credential_type": "api_token"}


def test_smaller_than_a_template_names_the_smallest_and_what_that_adds(desk: Desk, emma: User) -> None:
    page = text_of(paste(emma, api_token(desk, "write:webhook").secret))
    assert "Fits within “Manage webhooks”" in page
    assert "the template also gives" in page
    assert reverse("request_form", args=["manage-webhooks"]) in page
    exactly = signed_in(emma).get(reverse("advise"), {"scopes": scopes("write:webhook")})
    assert f'href="{reverse("advise")}?scopes=write%3Awebhook%3Abitbucket"' in page
    assert exactly.status_code == 200


def test_more_than_every_template_is_told_with_what_it_has_too_much(desk: Desk, emma: User) -> None:
    page = text_of(paste(emma, api_token(desk, "read:repository", "delete:repository", "admin:workspace").secret))
    assert "Exceeds every template" in page
    assert "Critical risk" in page
    assert "Create, change and delete workspaces" in page
    revoke = page.index("/manage-profile/security/api-tokens")
    assert revoke < page.index(f'href="{reverse("advise")}"', revoke), "first end it, then ask for less"


def test_a_token_that_no_template_has_anything_of(desk: Desk, emma: User) -> None:
    page = text_of(paste(emma, api_token(desk, "read:snippet").secret))
    assert "Like none of the templates" in page
    assert 'data-action="revoke"' in page


def test_without_read_user_the_holder_is_only_declared_and_nothing_is_listed(desk: Desk, emma: User) -> None:
    page = text_of(paste(emma, api_token(desk, "read:repository", "read:workspace").secret))
    assert "Not proven" in page
    assert "tell its holder: it should be revoked" in page
    assert "data-reach" not in page
    assert desk.sent("/2.0") == 1


def test_the_own_token_shows_what_it_reaches(desk: Desk, emma: User) -> None:
    page = text_of(paste(emma, api_token(desk, "read:user", "read:workspace", "read:repository").secret))
    assert "Yours: Bitbucket named your account" in page
    assert 'data-workspace="acme"' in page
    assert 'data-workspace="sidecar"' in page
    assert "acme/web" in page
    assert ", and more" in page, "Emma reads more than the first few"
    assert desk.sent("/2.0") == 4


def test_a_token_narrowed_to_one_workspace_reaches_that_one(desk: Desk, emma: User) -> None:
    made = api_token(desk, "read:user", "read:workspace", "read:repository", workspace="sidecar")
    page = text_of(paste(emma, made.secret))
    assert 'data-workspace="sidecar"' in page
    assert 'data-workspace="acme"' not in page


def test_what_it_may_not_list_is_said_and_is_no_error(desk: Desk, emma: User) -> None:
    answer = paste(emma, api_token(desk, "read:user").secret)
    assert answer.status_code == 200
    assert text_of(answer).count("It may not list them.") == 2


def test_without_the_list_of_workspaces_the_known_ones_are_asked(desk: Desk, emma: User) -> None:
    page = text_of(paste(emma, api_token(desk, "read:user", "read:repository").secret))
    assert "Workspaces: It may not list them." in page
    assert "acme/web" in page
    assert "sidecar" not in page


def test_somebody_elses_token(desk: Desk, emma: User, lee: User, *, email_switch: bool) -> None:
    made = api_token(desk, "read:user", "read:workspace", "read:repository", owner="lee")
    answer = paste(emma, made.secret)
    page = text_of(answer)
    assert ("belongs to somebody else" in page) is not email_switch
    assert ("another e-mail" in page) is email_switch
    assert "it should be revoked" in page or email_switch
    for hidden in ("lee", "Lee", "acme/", "data-reach", *scopes("read:repository", "read:workspace")):
        assert hidden not in page.partition("<main")[2]
    asked_for_more = [desk.sent(path) for path in ("/workspaces", "/repositories", "/permissions")]
    assert asked_for_more == [0, 0, 0], "nothing more was asked with it"
    assert last_event().details["result"] == ("invalid" if email_switch else "wrong_holder")


@pytest.mark.parametrize("word", ACCESS_KINDS)
def test_an_access_token_is_read_by_its_kind(desk: Desk, emma: User, word: str) -> None:
    made = access_token(desk, word, "pullrequest:write")
    answer = paste(emma, made.secret, kind="access_token")
    page = text_of(answer)
    assert answer.status_code == 200
    assert word in page
    assert f"{ACCESS_KINDS[word].partition('_')[0].capitalize()} access token" in page
    assert "Push code, and open, approve and merge pull requests" in page
    assert "Nobody&#x27;s" in page
    assert "data-reach" not in page
    assert desk.sent("/2.0") == 1
    assert last_event().details == {"kind": "access_token", "result": "read", "credential_type": word}


def test_an_access_token_is_compared_with_the_classic_cover(desk: Desk, emma: User) -> None:
    """CI: check out and report is `pullrequest` for a repository, which stands for `repository` as well."""
    page = text_of(paste(emma, access_token(desk, "repo_access_token", "pullrequest").secret, kind="access_token"))
    assert "Exactly “CI: check out and report”" in page
    page = text_of(paste(emma, access_token(desk, "repo_access_token", "repository:admin").secret, kind="access_token"))
    assert "an admin of the repository revokes it" in page


def test_an_access_token_that_bitbucket_does_not_know(desk: Desk, emma: User) -> None:
    secret = access_token(desk, "repo_access_token", "repository").secret
    page = text_of(paste(emma, secret[:-4] + "zzzz", kind="access_token"))
    assert "does not accept this token" in page
    assert "organisation&#x27;s API key. Tell" in page
    assert "without scopes" not in page


@pytest.mark.parametrize("word", ["mystery", ""])
@pytest.mark.parametrize("kind", ["api_token", "access_token"])
def test_an_unknown_word_for_the_kind_is_shown_and_no_failure(desk: Desk, emma: User, word: str, kind: str) -> None:
    desk.world.switches.credential_type = word
    made = (
        api_token(desk, "read:repository")
        if kind == "api_token"
        else access_token(desk, "repo_access_token", "repository")
    )
    answer = paste(emma, made.secret, kind=kind)
    assert answer.status_code == 200
    page = text_of(answer)
    assert f"<code>{word or 'none given'}</code>" in page
    assert "Read code and history" in page
    assert last_event().details["credential_type"] == word


def test_a_token_for_an_approved_request_is_sent_there(desk: Desk, emma: User) -> None:
    request = desk.approved(emma)
    page = text_of(paste(emma, api_token(desk, "read:repository").secret))
    assert f"Register it for {request.code}" in page
    assert reverse("create", args=[request.code]) in page
    assert "paste it once more there" in page


def test_other_requests_do_not_count(desk: Desk, emma: User, lee: User) -> None:
    desk.approved(emma, "clone-pull-and-push")
    desk.approved(lee)
    desk.registered(emma)
    assert "Register it for" not in text_of(paste(emma, api_token(desk, "read:repository").secret))


def test_a_registered_token_is_known_again_by_its_holder_only(desk: Desk, emma: User, lee: User) -> None:
    credential, made = desk.registered(emma)
    assert credential.get_absolute_url() in text_of(paste(emma, made.secret))
    desk.world.switches.basic_checks_email = False
    assert credential.get_absolute_url() not in text_of(paste(lee, made.secret))
