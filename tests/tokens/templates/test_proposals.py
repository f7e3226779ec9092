"""What people asked for that no template covers, and what becomes of it."""

import pytest

from accounts.models import User
from audit.models import Event
from tests.tokens.desk import Desk, signed_in, tags
from tests.tokens.templates.drafts import READER, form_of, page, with_scopes
from tokens.models import Request, Template, TemplateVersion
from tokens.queries import current_versions


@pytest.fixture
def proposal(desk: Desk, emma: User, lee: User) -> Template:
    """A custom set that two people asked for."""
    template = Template.objects.create(slug="custom-1", is_custom=True)
    fields = {"name": "Custom set", "purpose": "What was asked for", "kinds": ["api_token"], "max_days": 30}
    version = TemplateVersion.objects.create(
        template=template, number=1, scopes=["read:webhook:bitbucket"], rule="approvers", risk="low", **fields
    )
    for place, user in enumerate((emma, lee, emma)):
        Request.objects.filter(pk=desk.ask(user).pk).update(template_version=version, code=f"bcp-CUST{place}")
    return template


def test_proposals_say_how_often_and_by_whom(desk: Desk, ada: User, proposal: Template) -> None:
    text = page(signed_in(ada).get("/templates/?show=proposals"))
    assert "Asked 3 times by" in text
    assert "Emma" in text
    assert "Lee" in text
    assert proposal.slug not in {version.template.slug for version in current_versions()}, "custom sets are on no shelf"
    assert "1 proposal waits" in page(signed_in(ada).get("/templates/"))


def test_a_proposal_becomes_a_template(desk: Desk, ada: User, proposal: Template) -> None:
    browser = signed_in(ada)
    form = browser.get(f"/templates/new/?proposal={proposal.slug}")
    assert 'value="read:webhook:bitbucket" checked' in page(form)
    assert f'name="proposal" value="{proposal.slug}"' in page(form)
    sent = form_of(with_scopes(READER, "read:webhook"), expected=0, proposal=proposal.slug, confirm="yes")
    assert browser.post("/templates/publish/", sent).status_code == 302
    proposal.refresh_from_db()
    assert proposal.dismissed_at is not None
    assert Event.objects.get(tag="template:published").details["proposal"] == proposal.slug
    assert "No proposals" in page(browser.get("/templates/?show=proposals"))


def test_a_proposal_is_dismissed_once(desk: Desk, ada: User, proposal: Template) -> None:
    browser = signed_in(ada)
    browser.post(f"/templates/{proposal.slug}/dismiss/")
    assert "No proposals" in page(browser.get("/templates/?show=proposals"))
    again = browser.post(f"/templates/{proposal.slug}/dismiss/", follow=True)
    assert "answered already" in page(again)
    assert tags().count("template:proposal_dismissed") == 1
    assert signed_in(ada).get(f"/templates/new/?proposal={proposal.slug}").status_code == 404


def test_a_custom_set_is_read_by_its_askers_only(
    desk: Desk, emma: User, otto: User, aria: User, proposal: Template
) -> None:
    address = f"/templates/{proposal.slug}/versions/1/"
    stranger = desk.user("sam")
    assert [signed_in(user).get(address).status_code for user in (emma, otto, aria, stranger)] == [200, 200, 200, 404]
