"""Two tokens that carry one code: the wrong one is never deleted, because nobody guesses."""

import pytest
from django.urls import reverse

from accounts.models import User
from tests.faults.world import Browser, World
from tests.tokens.desk import connect_organisation
from tokens.models import Credential, Finding, Request
from tokens.operations.asking import Ask, submit_request
from tokens.queries import current_version
from workqueue.models import Job


@pytest.fixture(scope="module", autouse=True)
def _processes(world: World) -> None:
    world.start_web()
    world.start_worker("default")
    world.start_worker("revoke")


@pytest.fixture
def emma(world: World) -> User:
    connect_organisation()
    return world.user("emma")


@pytest.fixture
def request_row(emma: User) -> Request:
    """A request that a rule approved."""
    ask = Ask(
        version=current_version("clone-and-pull"), reason="The nightly report", where_used="my laptop", lifetime_days=30
    )
    request = submit_request(ask, acting_user=emma)
    assert request.state == "approved"
    return request


def made(world: World, request: Request, label: str, owner: str = "emma") -> dict[str, str]:
    return world.sandbox.make_token(owner, label, *request.scopes, expires_in_days=29)


def pasted(world: World, request: Request, secret: str) -> Credential:
    """Emma pastes it into the page; the web process reads it back and registers it."""
    browser, page = world.browser("emma"), reverse("create", args=[request.code])
    answer = browser.post(page, page, {"email": world.sandbox.member("emma").email, "secret": secret})
    assert answer.status_code == 302, answer.text
    return Credential.objects.get(request=request)


def looked_for(world: World, credential: Credential) -> Credential:
    """The worker has looked for it in the listing until it found it, or found that it cannot tell."""
    key_words = {"payload__credential": credential.pk}

    def decided() -> bool:
        world.let_time_pass()
        return Credential.objects.filter(pk=credential.pk).exclude(binding="looking").exists()

    world.wait("the binding is decided", decided)
    assert Job.objects.filter(kind="bind_credential", **key_words).exists()
    credential.refresh_from_db()
    return credential


def clicked_away(world: World, ada: Browser, credential: Credential) -> None:
    page = credential.get_absolute_url()
    assert ada.post(f"{page}revoke/", page, {"reason": "Not needed any more"}).status_code == 302


def test_two_tokens_with_one_code_are_a_persons_to_tell_apart(world: World, request_row: Request) -> None:
    """F29: unbound, ambiguous, nothing is deleted."""
    one = made(world, request_row, request_row.credential_name)
    decoy = made(world, request_row, f"{request_row.code} decoy")
    credential = looked_for(world, pasted(world, request_row, one["secret"]))
    assert (credential.binding, credential.listing_id) == ("unbound", None)
    assert Finding.objects.filter(credential=credential, kind="ambiguous", closed_at=None).exists()
    clicked_away(world, world.browser("ada"), credential)
    assert world.state_of(credential) == "needs_human"
    assert not Job.objects.filter(kind="revoke_credential").exists()
    assert {one["id"], decoy["id"]} <= world.sandbox.living_tokens()
    assert world.sandbox.requests(method="DELETE") == 0


def test_somebody_elses_decoy_with_the_same_code_stays(world: World, request_row: Request) -> None:
    """F29: the code is in a stranger's token too; the bound one is deleted, and it alone."""
    decoy = made(world, request_row, request_row.credential_name, owner="lee")
    one = made(world, request_row, request_row.credential_name)
    credential = looked_for(world, pasted(world, request_row, one["secret"]))
    assert (credential.binding, credential.listing_id) == ("bound", one["id"])
    clicked_away(world, world.browser("ada"), credential)
    world.wait("it is revoked", lambda: world.state_of(credential) == "revoked")
    living = world.sandbox.living_tokens()
    assert (one["id"] in living, decoy["id"] in living) == (False, True)
    assert world.sandbox.requests(method="DELETE") == 1
