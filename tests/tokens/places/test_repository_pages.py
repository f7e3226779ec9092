"""The list of repositories and the page of one: who and what reaches it, through what, and how old that is."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Seat, User
from tests.tokens.desk import run_due_jobs, signed_in
from tests.tokens.places.known import Shelf
from tests.tokens.places.test_person_page import hold
from tokens.inventory import repository_list
from tokens.inventory.planning import top_up
from tokens.models import Credential, Part, Repository, Sync
from tokens.operations.live_reads import ask_for_repository
from tokens.operations.syncs import start_sync
from workqueue.models import Job


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def listed(user: User, **asked: str) -> str:
    return text_of(signed_in(user).get(reverse("repositories"), asked))


def page(user: User, row: Repository, show: str = "") -> str:
    return text_of(signed_in(user).get(row.get_absolute_url(), {"show": show} if show else {}))


def read(shelf: Shelf, ada: User, slug: str = "web") -> Repository:
    ask_for_repository(shelf.repository(slug), acting_user=ada)
    run_due_jobs("read_part", "read_secrets")
    return shelf.repository(slug)


def names(text: str) -> list[str]:
    return [part.split("</a>")[0].split(">")[-1] for part in text.split('<th scope="row">')[1:]]


def test_the_list_says_what_was_counted_and_what_was_never_read(shelf: Shelf, ada: User, otto: User) -> None:
    row = read(shelf, ada)
    shelf.desk.fault("status", "*/permissions-config/groups*", status=403)
    read(shelf, ada, "api")
    text = listed(otto)
    rows = dict(zip(names(text), text.split('<th scope="row">')[1:], strict=True))
    assert list(rows) == sorted(rows)
    assert "3 secrets" in rows[row.full_name]
    assert "Not read yet" not in rows[row.full_name]
    assert "Unread" in rows["acme/api"]
    assert "HTTP 403" in rows["acme/api"]
    assert "Not read yet" in rows["acme/docs"]
    assert "not looked at" in rows["acme/docs"]


def test_search_project_and_pages_by_name(shelf: Shelf, otto: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names(listed(otto, q="WEB")) == ["acme/web"]
    assert "No repository fits" in listed(otto, q="nothing like it")
    project = shelf.repository("web").project
    assert project is not None
    shown = names(listed(otto, project=str(project.pk)))
    assert shown == sorted(one.full_name for one in Repository.objects.filter(project=project))
    assert len(names(listed(otto, project="nonsense"))) == 12
    monkeypatch.setattr(repository_list, "PAGE_SIZE", 5)
    wanted = repository_list.Wanted()
    first = repository_list.page_of_repositories(wanted)
    second = repository_list.page_of_repositories(wanted, after=first.after)
    third = repository_list.page_of_repositories(wanted, after=second.after)
    seen = [row.full_name for part in (first, second, third) for row in part.rows]
    assert seen == sorted(seen)
    assert len(seen) == 12
    assert (first.before, third.after) == (None, None)
    back = repository_list.page_of_repositories(wanted, before=third.before)
    assert [row.pk for row in back.rows] == [row.pk for row in second.rows]
    assert repository_list.page_of_repositories(wanted, before=back.before).before is None


def test_who_reaches_it_through_what(shelf: Shelf, ada: User, otto: User, lee: User) -> None:
    row = read(shelf, ada)
    shelf.acme.grants.set("project", "users", _project(shelf).uuid, lee.person.account_id, "admin")
    from_project = Part.objects.filter(project=row.project)
    start_sync(Sync.Mode.FULL, acting_user=ada)
    top_up()
    Part.objects.exclude(pk__in=from_project.values("pk")).update(asked_at=None)
    run_due_jobs("read_part")
    shelf.read(lee, ada)
    Seat.objects.filter(person=lee.person).update(role="owner")
    text = page(otto, row)
    given = text.split("Given by name", 1)[1].split("What live readings", 1)[0]
    assert "Lee" in given
    assert "through" in given.lower()
    assert f"project {row.project}" in given
    assert "Engineering" in given
    assert "Who is in a group cannot be read" in given
    live = text.split("What live readings of people told", 1)[1].split("Owners", 1)[0]
    assert "Lee" in live
    assert "Administer" in live
    assert "Lee" in text.split("Owners of the workspace", 1)[1]
    assert "Read again" not in text, "an auditor changes nothing"
    assert "Read again" in page(ada, row)


def _project(shelf: Shelf) -> Any:
    key = next(one.project_key for one in shelf.acme.repositories if one.slug == "web")
    return next(one for one in shelf.acme.projects if one.key == key)


def test_what_opens_it(shelf: Shelf, ada: User, otto: User, emma: User, lee: User) -> None:
    row = read(shelf, ada)
    hold(lee, "push", ["read:repository:bitbucket", "write:repository:bitbucket"])
    hold(lee, "clone", ["read:repository:bitbucket"])
    hold(emma, "no known right here", ["write:repository:bitbucket"])
    hold(lee, "mystery", [])
    before = page(otto, row, "keys")
    assert "Counted from" in before
    shelf.read(lee, ada)
    assert shelf.truth(lee)["web"] == "write"
    text = page(otto, row, "keys")
    facts = text.split("API tokens of people with access", 1)[1]
    assert "<dt>Could push</dt><dd>1 token</dd>" in facts
    assert "<dt>Could only read</dt><dd>1 token</dd>" in facts
    assert "1 token whose scopes are not known" in facts
    assert "1 live reading" in facts
    elsewhere = next(slug for slug, level in shelf.truth(lee).items() if level == "read")
    read_only = page(otto, shelf.repository(elsewhere), "keys")
    assert "<dt>Could push</dt><dd>0 tokens</dd>" in read_only, "a scope is worth what its person may"
    assert "<dt>Could only read</dt><dd>2 tokens</dd>" in read_only
    assert "Production: 1 secured, 1 readable" in facts
    keys = Credential.objects.filter(repository=row, kind="deploy_key")
    assert all(key.name in text for key in keys)


def test_a_missing_scope_is_told_and_unread_is_never_none(shelf: Shelf, ada: User, otto: User) -> None:
    shelf.scopes("audit-bot", "read:pipeline")
    text = page(otto, read(shelf, ada), "keys")
    assert "Not known: The audit bot lacks read:pipeline:bitbucket." in text
    untouched = page(otto, shelf.repository("docs"), "keys")
    assert "not looked at yet" in untouched
    assert "None among what was read" in untouched


def test_read_again_goes_by_itself_and_only_admins_may(shelf: Shelf, ada: User, otto: User, emma: User) -> None:
    row = shelf.repository()
    url = reverse("repository_read", args=[row.pk])
    for user in (otto, emma):
        assert signed_in(user).post(url).status_code == 403
    assert signed_in(emma).get(row.get_absolute_url()).status_code == 403
    assert not Job.objects.filter(kind="read_part").exists()
    assert signed_in(ada).post(url).status_code == 302
    text = page(ada, row)
    assert text.count("Waits to be read") == 4
    assert "Read again" not in text.replace("“Read again”", "")
    part = signed_in(ada).get(row.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<section id="live"')
    run_due_jobs("read_part", "read_secrets")
    assert "Waits to be read" not in page(ada, row)


def test_a_repository_that_is_gone_keeps_its_page_and_leaves_the_list(shelf: Shelf, ada: User) -> None:
    row = shelf.repository()
    Repository.objects.filter(pk=row.pk).update(gone_at=timezone.now())
    assert "acme/web" not in names(listed(ada))
    text = page(ada, row)
    assert "Gone" in text
    assert "Read again" not in text
    assert signed_in(ada).post(reverse("repository_read", args=[row.pk])).status_code == 404


def test_pages_stay_within_twelve_queries(
    shelf: Shelf, ada: User, lee: User, django_assert_max_num_queries: Any
) -> None:
    row = read(shelf, ada)
    shelf.read(lee, ada)
    client = signed_in(ada)
    for url in (reverse("repositories"), row.get_absolute_url(), f"{row.get_absolute_url()}?show=keys"):
        with django_assert_max_num_queries(12):
            assert client.get(url).status_code == 200
