"""The way from a form to a published version, with and without a script."""

from typing import Any

import pytest

from accounts.models import User
from audit.models import Event
from tests.tokens.desk import Desk, signed_in
from tests.tokens.templates.drafts import READER, SLUG, changed, current_draft, form_of, page
from tokens.models import Template, TemplateVersion
from tokens.queries import current_versions

WRITE = "write:repository:bitbucket"


def test_a_change_is_compared_before_it_is_published(desk: Desk, ada: User) -> None:
    browser = signed_in(ada)
    form = changed(max_days=90)
    asked = browser.post("/templates/publish/", form)
    assert asked.status_code == 200
    assert "Publish version 2" in page(asked)
    assert "180 days" in page(asked)
    assert "90 days" in page(asked)
    assert TemplateVersion.objects.filter(template__slug=SLUG).count() == 1, "looking changes nothing"
    done = browser.post("/templates/publish/", carried(page(asked)) | {"confirm": "yes"})
    assert (done.status_code, done["Location"]) == (302, f"/templates/{SLUG}/")
    version, draft = current_draft(SLUG)
    assert (version.number, version.max_days, version.change_note) == (2, 90, "Because")
    assert version.created_by == ada.person
    event = Event.objects.get(tag="template:published")
    assert event.details["changes"] == ["Longest life: 180 days → 90 days"]
    assert draft.kinds == ("api_token", "deploy_key", "repository_access_token"), "the order is kept"


def carried(text: str) -> dict[str, list[str]]:
    """What the confirm page would send: its hidden fields."""
    found: dict[str, list[str]] = {}
    for part in text.split('<input type="hidden" name="')[1:]:
        name, value = part.split('"')[0], part.split('value="')[1].split('"')[0]
        found.setdefault(name, []).append(value.replace("&#x27;", "'"))
    found.pop("csrfmiddlewaretoken", None)
    return found


def test_a_new_template_is_made_and_offered(desk: Desk, ada: User, emma: User) -> None:
    form = form_of(READER, expected=0, note="")
    assert signed_in(ada).post("/templates/publish/", form).status_code == 200
    assert signed_in(ada).post("/templates/publish/", form | {"confirm": "yes"}).status_code == 302
    assert "Nightly report" in page(signed_in(ada).get("/templates/nightly-report/"))
    assert current_versions().last().template.slug == "nightly-report"  # type: ignore[union-attr]
    assert desk.ask(emma, "nightly-report", 7).scopes == ["read:repository:bitbucket"]


def test_levels_bring_their_scopes_without_a_script(desk: Desk, ada: User) -> None:
    form = form_of(
        READER, expected=0, levels=["repositories:read", "pull_requests:write"], scopes=[WRITE], confirm="yes"
    )
    signed_in(ada).post("/templates/publish/", form)
    version, _ = current_draft("nightly-report")
    short = [name.removesuffix(":bitbucket") for name in version.scopes]
    assert short == ["read:pullrequest", "read:repository", "write:pullrequest", "write:repository"]
    assert version.services_levels == [["repositories", "read"], ["pull_requests", "write"]]
    assert version.risk == "high"


WRONG = [
    ({"name": ""}, "Give it a name", "name"),
    ({"max_days": "400"}, "A life is 1 to 365 days", "max_days"),
    ({"max_days": "many"}, "Enter a whole number", "max_days"),
    ({"kinds": []}, "What it may be issued as", "kinds"),
    ({"scopes": [], "levels": []}, "It opens nothing", "scopes"),
    ({"scopes": ["admin:repository:bitbucket"]}, "say why it has to administer", "justification"),
    ({"scopes": ["read:issue:bitbucket"]}, "read:issue:bitbucket", "scopes"),
    ({"rule": "nobody"}, "Say who decides", "rule"),
    ({"slug": "Not A Slug"}, "small letters", "slug"),
    ({"slug": "new"}, "uses this short name itself", "slug"),
    ({"guidance": "use " + "ATATT3xFfGF0" + "a" * 40}, "holds a secret", "guidance"),
]


@pytest.mark.parametrize(
    ("change", "words", "field"), WRONG, ids=[f"{row[2]}-{place}" for place, row in enumerate(WRONG)]
)
def test_errors_stand_beside_their_fields_and_nothing_is_published(
    desk: Desk, ada: User, change: dict[str, Any], words: str, field: str
) -> None:
    answer = signed_in(ada).post("/templates/publish/", form_of(READER, expected=0, confirm="yes") | change)
    assert answer.status_code == 422
    assert words in page(answer)
    assert answer.context["form"].errors[field]
    assert not Template.objects.filter(slug="nightly-report").exists()
    assert READER.purpose in page(answer), "what was typed elsewhere is kept"


def test_a_version_needs_a_note_and_a_difference(desk: Desk, ada: User) -> None:
    browser = signed_in(ada)
    without = browser.post("/templates/publish/", changed(max_days=90) | {"change_note": " ", "confirm": "yes"})
    assert (without.status_code, list(without.context["form"].errors)) == (422, ["change_note"])
    assert "Nothing changed" in page(browser.post("/templates/publish/", changed()))
    assert "Nothing changed" in page(browser.post("/templates/publish/", changed() | {"confirm": "yes"}))


def test_two_admins_and_the_second_starts_from_the_first(desk: Desk, ada: User) -> None:
    first, second = changed(max_days=90), changed(max_days=60)
    browser = signed_in(ada)
    browser.post("/templates/publish/", first | {"confirm": "yes"})
    for confirm in ({}, {"confirm": "yes"}):
        late = browser.post("/templates/publish/", second | confirm)
        assert late.status_code == 422
        assert "Version 2 was published" in page(late)
        assert 'name="expected" value="2"' in page(late)
    assert current_draft(SLUG)[0].max_days == 90
    again = browser.post("/templates/publish/", second | {"expected": "2"})
    assert "90 days" in page(again), "compared with what is there now"


def test_the_linter_speaks_while_somebody_types(desk: Desk, ada: User) -> None:
    form = changed(max_days=400) | {"name": "", "scopes": ["write:repository:bitbucket"], "levels": []}
    before = TemplateVersion.objects.count()
    answer = signed_in(ada).post("/templates/lint/", form, headers={"HX-Request": "true"})
    text = page(answer)
    assert answer.status_code == 200
    assert "<html" not in text
    assert "Give it a name" in text
    assert "Git reads before it pushes" in text
    assert 'data-live-words="Medium risk, ' in text
    assert TemplateVersion.objects.count() == before


def test_check_says_the_same_without_a_script(desk: Desk, ada: User) -> None:
    wrong = signed_in(ada).post(f"/templates/{SLUG}/edit/", changed(max_days=400))
    assert (wrong.status_code, "A life is 1 to 365 days" in page(wrong)) == (422, True)
    right = signed_in(ada).post(f"/templates/{SLUG}/edit/", changed(max_days=90))
    assert (right.status_code, "no error" in page(right)) == (200, True)
    assert signed_in(ada).post("/templates/new/", form_of(READER, expected=0)).status_code == 200


def test_who_would_be_outside_is_said_before_publishing(desk: Desk, ada: User, emma: User) -> None:
    credential, _ = desk.registered(emma, days=90)
    panel = page(signed_in(ada).post("/templates/lint/", changed(max_days=30)))
    asked = page(signed_in(ada).post("/templates/publish/", changed(max_days=30)))
    for text in (panel, asked):
        assert credential.approved_request.code in text
        assert "was given 90 days, 30 is the most" in text
    assert credential.approved_request.code not in page(signed_in(ada).post("/templates/lint/", changed(max_days=90)))
