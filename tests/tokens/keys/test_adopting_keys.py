"""A deploy key that was found becomes an approved one: somebody answers for it, and it gets an end."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from sandbox.deploy_keys import public_key
from tests.tokens.adviser.pages import page_of
from tests.tokens.desk import signed_in, tags
from tests.tokens.keys.rack import Rack
from tests.tokens.machines import machine_form
from tokens.models import Credential, Request
from tokens.operations.change import NotAllowed
from tokens.operations.requests import approve_request


def found(rack: Rack, *, slug: str = "web") -> Credential:
    """A key that Emma added herself, as an inventory run finds it."""
    owner = rack.holder.person.account_id
    entry = rack.put(public_key("found", slug), "emma's cluster", slug=slug, owner=owner)
    rack.observe(slug)
    return Credential.objects.get(listing_id__endswith=f":{entry.id}")


def test_its_holder_asks_for_it_and_an_approver_says_yes(rack: Rack) -> None:
    key = found(rack)
    request = rack.asked(key=" ", adopts=key)
    assert request.state == "pending"
    approve_request(request, acting_user=rack.approver)
    key.refresh_from_db()
    request.refresh_from_db()
    assert (key.standing, key.request, request.state) == ("approved", request, "issued")
    assert key.expires_at is not None
    assert "credential:adopted" in tags()
    assert not rack.work("register_key"), "it is there already"


def test_a_key_of_another_place_is_not_what_is_asked_for(rack: Rack) -> None:
    key = found(rack, slug="api")
    request = rack.asked(key=" ", adopts=key, boundary="acme/web")
    approve_request(request, acting_user=rack.approver)
    key.refresh_from_db()
    request.refresh_from_db()
    assert (key.standing, request.state) == ("undeclared", "approved")


def test_somebody_elses_key_is_not_adopted(rack: Rack) -> None:
    entry = rack.put(public_key("lee's"), "lee's", owner=rack.deputy.person.account_id)
    rack.observe()
    key = Credential.objects.get(listing_id__endswith=f":{entry.id}")
    with pytest.raises(NotAllowed, match="Only its holder"):
        rack.asked(key=" ", adopts=key)


def test_the_form_is_filled_with_where_it_is_and_asks_for_no_key(rack: Rack) -> None:
    key = found(rack)
    client = signed_in(rack.holder)
    page = page_of(client.get(key.get_absolute_url()))
    link = reverse("declare_register", args=[key.pk])
    assert link in page
    there = client.get(link)["Location"]
    assert urlsplit(there).path == reverse("request_form", args=["gitops-reader"])
    form = page_of(client.get(there))
    assert 'name="public_key"' not in form
    assert 'value="acme/web"' in form
    sent = machine_form(rack.deputy, boundary="acme/api")
    answer = client.post(there, sent)
    row = Request.objects.latest("pk")
    assert answer["Location"] == row.get_absolute_url()
    assert (row.boundary, row.adopts, row.public_key) == ("acme/web", key, ""), "where it is cannot be changed"
