"""Who may read and who may change: the auditor changes nothing."""

import pytest
from django.test import Client

from accounts.models import User
from tests.tokens.desk import Desk, signed_in, tags
from tests.tokens.templates.drafts import SLUG, changed, page
from tokens.models import Template
from tokens.operations.templates import retire_template

CHANGES = ["new", "publish", "lint", f"{SLUG}/edit", f"{SLUG}/retire", f"{SLUG}/restore", f"{SLUG}/dismiss"]


@pytest.mark.parametrize("address", CHANGES)
def test_the_auditor_and_the_employee_change_nothing(desk: Desk, otto: User, emma: User, address: str) -> None:
    for user in (otto, emma):
        answer = signed_in(user).post(f"/templates/{address}/", changed() | {"confirm": "yes", "reason": "No"})
        assert answer.status_code == 403
        assert tags()[-1] == "access:refused"
    assert not Template.objects.exclude(retired_at=None).exists()


def test_the_auditor_reads_and_sees_no_button(desk: Desk, otto: User, ada: User) -> None:
    retire_template(Template.objects.get(slug="ci-release"), because="Nobody needs it", acting_user=ada)
    for address in ("/templates/", f"/templates/{SLUG}/", "/templates/ci-release/", f"/templates/{SLUG}/compare/"):
        text = page(signed_in(otto).get(address))
        main = text.split("<main")[1]
        assert 'method="post"' not in main
        assert "Change it" not in main
        assert "New template" not in main


def test_nothing_of_the_library_is_for_strangers(desk: Desk) -> None:
    for address in ("/templates/", f"/templates/{SLUG}/", f"/templates/{SLUG}/versions/1/"):
        assert Client().get(address)["Location"].startswith("/signin/")
