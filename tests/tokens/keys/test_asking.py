"""Asking for a key: only the public half is taken, and what is no public half is shown nowhere again."""

from pathlib import Path
from subprocess import run

import pytest
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from sandbox.deploy_keys import public_key
from tests.tokens.adviser.pages import page_of
from tests.tokens.desk import signed_in
from tests.tokens.keys.rack import Rack, registration_of
from tests.tokens.machines import asked, machine_form, send
from tokens.models import EffectiveRight, Request

SLUG = "gitops-reader"


def form(rack: Rack, key: str = "", **more: str) -> dict[str, str]:
    """A form that can be sent."""
    return machine_form(rack.deputy, public_key=key or f"{public_key('form')} root@cluster", **more)


def test_the_page_gives_the_line_and_asks_for_the_public_half(rack: Rack) -> None:
    page = page_of(signed_in(rack.holder).get(reverse("request_form", args=[SLUG])))
    assert "ssh-keygen -t ed25519" in page
    assert 'name="public_key"' in page
    assert 'data-kind="deploy_key"' in page


def test_the_key_is_kept_as_algorithm_and_base64(rack: Rack) -> None:
    row = asked(rack.holder, SLUG, form(rack))
    assert row.public_key == public_key("form")
    page = page_of(signed_in(rack.approver).get(row.get_absolute_url()))
    assert "SHA256:" in page
    assert "Nightly build" in page


@pytest.mark.parametrize("kind", ["ed25519", "rsa", "ecdsa"])
def test_a_private_half_is_refused_kept_nowhere_and_shown_nowhere(rack: Rack, tmp_path: Path, kind: str) -> None:
    run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", tmp_path / "pair"], check=True)
    secret = (tmp_path / "pair").read_text()
    middle = secret.splitlines()[2]
    answer = send(rack.holder, SLUG, form(rack, secret))
    page = page_of(answer)
    assert answer.status_code == 422
    assert "private" in page
    assert "ssh-keygen" in page
    assert middle not in page
    assert not Request.objects.exists()
    assert middle not in str(list(Event.objects.values_list("details", flat=True)))


@pytest.mark.parametrize("key", ["", "not a key", "ssh-dss AAAA", "ssh-ed25519 AAAA", "<script>alert(1)</script>"])
def test_what_is_no_key_is_refused_in_words(rack: Rack, key: str) -> None:
    sent = form(rack)
    sent["public_key"] = key
    answer = send(rack.holder, SLUG, sent)
    assert answer.status_code == 422
    assert 'href="#id_public_key"' in page_of(answer)
    assert not Request.objects.exists()


def test_a_key_that_is_known_is_refused_on_the_form(rack: Rack) -> None:
    rack.added(key=public_key("form"))
    answer = send(rack.holder, SLUG, form(rack, boundary="acme/api"))
    assert answer.status_code == 422
    assert "known as a deploy key of acme/web" in page_of(answer)


def test_other_kinds_take_no_key(rack: Rack) -> None:
    page = page_of(signed_in(rack.holder).get(reverse("request_form", args=["ci-release"])))
    assert 'name="public_key"' not in page


def test_the_request_tells_how_the_key_is_added(rack: Rack) -> None:
    request = rack.approved()
    client = signed_in(rack.holder)
    page = page_of(client.get(request.get_absolute_url()))
    assert 'data-registration="running"' in page
    assert "data-machine-walk" not in page, "nobody has to do anything"
    rack.work("register_key")
    page = page_of(client.get(request.get_absolute_url()))
    assert 'data-registration="registered"' in page
    assert 'data-action="open-credential"' in page


def test_where_the_portal_cannot_add_it_the_page_says_how_people_do(rack: Rack) -> None:
    request = rack.approved()
    rack.desk.fault(path="*/deploy-keys", method="POST", kind="status", status=403)
    rack.work("register_key")
    page = page_of(signed_in(rack.holder).get(request.get_absolute_url()))
    assert registration_of(request).outcome == "needs_human"
    assert "The key was not added" in page
    walk = page.partition("data-machine-walk")[2].partition("</section>")[0]
    assert "/acme/web/admin/access-keys" in walk
    assert request.public_key in walk
    assert "has to go by" in walk


def test_the_use_page_is_about_ssh(rack: Rack, settings: object) -> None:
    credential = rack.added()
    page = page_of(signed_in(rack.holder).get(reverse("credential_use", args=[credential.pk])))
    assert "ssh://git@bitbucket.org/acme/web.git" in page
    assert "YOUR_TOKEN" not in page


def test_an_auditor_sees_and_changes_nothing(rack: Rack, otto: User) -> None:
    credential = rack.added()
    client = signed_in(otto)
    page = page_of(client.get(credential.get_absolute_url()))
    assert "Replace the key" not in page
    assert client.get(reverse("credential_rotate", args=[credential.pk])).status_code in (403, 404)


def test_it_is_tried_again_when_a_person_says_so(rack: Rack, ada: User) -> None:
    request = rack.approved()
    rack.desk.fault(path="*/deploy-keys", method="POST", kind="status", status=401)
    rack.work("register_key")
    rack.desk.world.faults.clear()
    client, url = signed_in(rack.deputy), reverse("request_add_key", args=[request.code])
    assert 'data-action="add-key"' in page_of(client.get(request.get_absolute_url()))
    assert signed_in(rack.approver).post(url).status_code == 302
    assert registration_of(request).outcome == "needs_human", "an approver has no say in that"
    assert client.post(url)["Location"] == request.get_absolute_url()
    rack.work("register_key")
    assert registration_of(request).outcome == "registered"
    assert client.post(url).status_code == 302, "a second click says that there is nothing to do"
    assert len(rack.held()) == 1


def test_an_approver_sees_whether_the_person_reaches_the_place(rack: Rack) -> None:
    """The portal adds the key with rights of its own: it must not open what whoever asks cannot."""
    request, client = rack.asked(), signed_in(rack.approver)
    assert "is not known: their page reads it" in page_of(client.get(request.get_absolute_url()))
    person, web = rack.holder.person, rack.shelf.repository()
    other = EffectiveRight.objects.create(
        person=person, repository=rack.shelf.repository("api"), permission="read", observed_at=request.submitted_at
    )
    assert "does not reach acme/web" in page_of(client.get(request.get_absolute_url()))
    EffectiveRight.objects.filter(pk=other.pk).update(repository=web, permission="write")
    assert "may write to acme/web already" in page_of(client.get(request.get_absolute_url()))
    assert "may write to" not in page_of(signed_in(rack.holder).get(request.get_absolute_url()))
