"""A person's page: four parts, each said as of when, within its queries, and only for those who oversee."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.tokens.desk import run_due_jobs, signed_in
from tests.tokens.places.known import EFFECTIVE, Shelf
from tokens.models import Credential, Standing
from tokens.models.credential import BindingState, Source
from workqueue.models import Job


def page(user: User, about: User, show: str = "") -> str:
    answer = signed_in(user).get(reverse("person", args=[about.person.account_id]), {"show": show} if show else {})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def hold(user: User, name: str, scopes: list[str], **more: Any) -> Credential:
    """A credential that was merely found."""
    return Credential.objects.create(
        holder=user.person,
        name=name,
        scopes=scopes,
        standing=more.pop("standing", Standing.UNDECLARED),
        source=Source.SYNC,
        binding=BindingState.BOUND,
        listing_id=f"entry {name}",
        holder_proof="listing",
        registered_at=timezone.now(),
        **more,
    )


def test_before_anything_was_read_it_says_so_and_how_it_gets_read(
    shelf: Shelf, ada: User, otto: User, lee: User
) -> None:
    text = page(otto, lee, "reach")
    assert "Not read yet" in text
    assert "An admin can ask Bitbucket" in text
    assert '<form method="post"' not in text.split("<main")[1], "an auditor has no button"
    assert "“Read now” asks Bitbucket" in page(ada, lee, "reach")


def test_read_now_shows_the_levels_the_riskiest_and_what_opens_them(shelf: Shelf, ada: User, lee: User) -> None:
    hold(lee, "laptop", ["read:repository:bitbucket", "write:repository:bitbucket"])
    hold(lee, "clone", ["read:repository:bitbucket"])
    hold(lee, "mystery", [])
    hold(lee, "key of web", ["read"], kind="deploy_key", repository=shelf.repository())
    hold(lee, "jira", [], standing=Standing.OTHER_PRODUCT)
    client = signed_in(ada)
    answer = client.post(reverse("person_read", args=[lee.person.account_id]))
    assert answer.status_code == 302
    assert "Reading it from Bitbucket" in page(ada, lee, "reach")
    run_due_jobs("read_person")
    run_due_jobs("read_secrets")
    text = page(ada, lee, "reach")
    truth = shelf.truth(lee)
    writes = sum(1 for level in truth.values() if level in ("write", "admin"))
    assert f"<strong>{len(truth)}</strong>" in text
    assert f"Of {writes} repositories they may write, {writes} were looked at" in text
    assert "deploys to Test, Production" in text
    for words, names in (
        ("Push wherever they may write", "laptop"),
        ("Read wherever they may read", "clone"),
        ("Nobody knows what these can do", "mystery"),
        ("Open one place only", "key of web"),
    ):
        assert names in text.split(words, 1)[1].split("</ul>", 1)[0]
    assert "jira" not in text


def test_what_was_left_unread_is_shown_beside_what_was_known(shelf: Shelf, ada: User, otto: User, lee: User) -> None:
    shelf.read(lee, ada)
    shelf.desk.fault("status", EFFECTIVE, status=403)
    shelf.read(lee, ada)
    text = page(otto, lee, "reach")
    assert "was not read to its end" in text
    assert "<strong>Effective permissions</strong>" in text
    assert f"<strong>{len(shelf.truth(lee))}</strong>" in text, "what was known stays, with its age"


def test_a_bot_without_the_scope_is_told_on_the_page(shelf: Shelf, ada: User, lee: User) -> None:
    shelf.scopes("audit-bot", "read:pipeline")
    shelf.read(lee, ada)
    run_due_jobs("read_secrets")
    text = page(ada, lee, "reach")
    assert "0 were looked at." in text
    assert "The audit bot lacks read:pipeline:bitbucket" in text


def test_grants_by_name_say_that_groups_are_not_known(shelf: Shelf, ada: User, lee: User) -> None:
    assert "Nothing that was read" in page(ada, lee, "grants")
    shelf.read(lee, ada)
    text = page(ada, lee, "grants")
    assert "Which groups they are in cannot be read" in text
    for name in shelf.given(lee):
        assert name.removeprefix("project ") in text or "project" in name


def test_history_has_what_they_did_and_what_was_done_about_them(shelf: Shelf, ada: User, lee: User) -> None:
    shelf.desk.ask(lee)
    shelf.read(lee, ada)
    text = page(ada, lee, "history")
    assert "Access requested" in text
    assert "Live rights of a person asked for" in text
    assert f"/trail/?actor={lee.person.account_id.replace(':', '%3A')}" in text


def test_each_part_stays_within_thirteen_queries(
    shelf: Shelf, ada: User, lee: User, django_assert_max_num_queries: Any
) -> None:
    shelf.read(lee, ada)
    run_due_jobs("read_secrets")
    for number in range(4):
        hold(lee, f"token {number}", ["write:repository:bitbucket"])
        shelf.desk.ask(lee)
    client, url = signed_in(ada), reverse("person", args=[lee.person.account_id])
    for show in ("", "reach", "grants", "history"):
        with django_assert_max_num_queries(13):
            assert client.get(url, {"show": show}).status_code == 200


def test_an_employee_sees_nobody_and_starts_nothing(shelf: Shelf, emma: User, lee: User, otto: User) -> None:
    url = reverse("person", args=[lee.person.account_id])
    client = signed_in(emma)
    assert client.get(url).status_code == 403
    assert client.get(reverse("person", args=[emma.person.account_id])).status_code == 403
    for user in (emma, otto):
        assert signed_in(user).post(reverse("person_read", args=[lee.person.account_id])).status_code == 403
    assert not Job.objects.filter(kind="read_person").exists()


def test_the_live_part_is_served_alone(shelf: Shelf, ada: User, lee: User) -> None:
    url = reverse("person", args=[lee.person.account_id])
    signed_in(ada).post(reverse("person_read", args=[lee.person.account_id]))
    part = signed_in(ada).get(f"{url}?show=reach", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="live"')
    assert 'hx-trigger="every 2s' in part
    run_due_jobs("read_person")
    part = signed_in(ada).get(f"{url}?show=reach", headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in part
