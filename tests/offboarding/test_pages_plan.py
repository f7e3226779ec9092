"""The pages of plans: the list, a draft, one that runs, one that ended."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from offboarding.models import Countersign, Plan
from offboarding.operations.planning import Wanted, cancel_plan
from offboarding.operations.rows import NewStep, add_steps
from offboarding.states import PlanState, StepKind
from tests.offboarding.leaving import CLEAN_UP, CUT, Leaving
from tests.tokens.desk import run_due_jobs, signed_in, tags
from workqueue.models import Job

BECAUSE = {"because": "They stay after all"}


def page(user: User, path: str, **more: Any) -> str:
    """A page's text."""
    answer = signed_in(user).get(path, **more)
    assert answer.status_code == 200, answer.status_code
    text: str = answer.content.decode()
    return text


def of(plan: Plan) -> str:
    """Where a plan is."""
    return f"/offboardings/{plan.pk}/"


def test_from_the_persons_page_to_a_draft(leaving: Leaving, ada: User) -> None:
    account = leaving.leaver.person.account_id
    assert f"/offboardings/new/?person={account.replace(':', '%3A')}" in page(ada, f"/people/{account}/")
    form = {"reference": "HR-7", "leaves_at": "2026-11-30T17:00", "reported_at": "", "starts_at": ""}
    answer = signed_in(ada).post(f"/offboardings/new/?person={account}", form)
    plan = Plan.objects.get()
    assert answer["Location"] == of(plan)
    assert (plan.reference, plan.leaves_at.isoformat()) == ("HR-7", "2026-11-30T17:00:00+00:00")  # type: ignore[union-attr]
    assert "An offboarding is open" in page(ada, f"/people/{account}/")
    assert signed_in(ada).get(f"/offboardings/new/?person={account}")["Location"] == of(plan)


def test_a_person_is_searched_for(leaving: Leaving, ada: User) -> None:
    assert leaving.leaver.person.display_name in page(ada, "/offboardings/new/?q=lee")
    assert "Nobody found" in page(ada, "/offboardings/new/?q=zzz")


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"starts_at": "2020-01-01T00:00"}, "This time has passed"),
        ({"leaves_at": "yesterday"}, "Enter a valid date/time"),
        ({"reference": "ATATT3xFfGF0abcdefghijklmnopqrstuvwxyz0123456789"}, "looks like it holds a secret"),
    ],
)
def test_bad_input_is_said_and_nothing_typed_is_lost(
    leaving: Leaving, ada: User, form: dict[str, str], words: str
) -> None:
    filled = {"reference": "HR-7", **form}
    answer = signed_in(ada).post(f"/offboardings/new/?person={leaving.leaver.person.account_id}", filled)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Plan.objects.exists()
    if "reference" not in form:
        assert 'value="HR-7"' in answer.content.decode()


def test_the_portals_own_account_is_refused_in_words(leaving: Leaving, ada: User, settings: Any) -> None:
    settings.REVOKE_BOT_EMAIL = leaving.leaver.person.email
    form = {"reference": "HR-7"}
    answer = signed_in(ada).post(f"/offboardings/new/?person={leaving.leaver.person.account_id}", form)
    assert answer.status_code == 422
    assert "machine account" in answer.content.decode()
    assert 'value="HR-7"' in answer.content.decode()


def test_a_draft_reads_ahead_and_says_so(leaving: Leaving, ada: User) -> None:
    plan = leaving.plan()
    text = page(ada, of(plan))
    assert text.count("Still reading") == 2
    assert 'hx-trigger="every 5s' in text
    assert text.count("Cut now") >= 2
    plan.preview = {
        "at": timezone.now().isoformat(),
        "lines": [{"kind": "k", "id": "all", "title": "Two branch rules name them", "detail": "web", "task": True}],
        "unread": [["pull requests", "the bot may not"]],
    }
    plan.rehearsal = {
        "at": timezone.now().isoformat(),
        "lines": [{"phase": "cut", "title": "Delete 2 tokens", "detail": "", "calls": ["DELETE /users/x/1"]}],
        "requests": 4,
        "idp": True,
        "problems": ["The key may not delete"],
    }
    plan.save()
    text = page(ada, of(plan))
    for words in ("Two branch rules name them", "Becomes a task", "the bot may not", "DELETE /users/x/1"):
        assert words in text
    assert "deactivate the account at your identity provider" in text
    assert "hx-get" not in text.split('id="live"')[1].split(">")[0]


def test_changing_and_cancelling_a_draft(leaving: Leaving, ada: User) -> None:
    plan = leaving.plan()
    browser = signed_in(ada)
    answer = browser.post(f"{of(plan)}change/", {"reference": "HR-8", "leaves_at": "", "starts_at": "1999-01-01T00:00"})
    assert answer.status_code == 422
    assert 'value="HR-8"' in answer.content.decode()
    assert browser.post(f"{of(plan)}change/", {"reference": "HR-8"}).status_code == 302
    plan.refresh_from_db()
    assert plan.reference == "HR-8"
    assert browser.post(f"{of(plan)}cancel/", {"because": " "}).status_code == 422
    browser.post(f"{of(plan)}cancel/", BECAUSE)
    text = page(ada, of(plan))
    assert "They stay after all" in text
    assert "Nothing had been taken away" in text


def test_cut_now_goes_on_live_until_the_statement(leaving: Leaving, ada: User) -> None:
    plan = leaving.plan()
    leaving.token()
    assert signed_in(ada).post(f"{of(plan)}start/")["Location"] == of(plan)
    text = page(ada, of(plan))
    assert 'hx-trigger="every 2s' in text
    assert "Its turn comes" in text
    assert "Coverage so far" in text
    leaving.run(*CUT)
    leaving.run(*CLEAN_UP)
    live = signed_in(ada).get(f"{of(plan)}?as=started", headers={"HX-Request": "true"})
    assert live.content.decode().lstrip().startswith('<div id="live"')
    assert "Proven" in live.content.decode()
    part = signed_in(ada).get(f"{of(plan)}?as=started&part=coverage", headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="coverage"')
    assert "data-copy=" in part.content.decode()


def test_a_page_of_another_shape_is_loaded_anew(leaving: Leaving, ada: User) -> None:
    plan = leaving.started()
    answer = signed_in(ada).get(f"{of(plan)}?as=draft", headers={"HX-Request": "true"})
    assert (answer["HX-Refresh"], answer.content) == ("true", b"")


def test_stop_resume_and_an_early_clean_up(leaving: Leaving, ada: User) -> None:
    plan = leaving.started()
    browser = signed_in(ada)
    assert browser.post(f"{of(plan)}stop/", {"because": ""}).status_code == 422
    browser.post(f"{of(plan)}stop/", {"because": "Wrong person?"})
    text = page(ada, of(plan))
    assert "Stopped" in text
    assert "Wrong person?" in text
    assert ">Resume" in text
    browser.post(f"{of(plan)}resume/")
    browser.post(f"{of(plan)}clean-up/", {"because": "The key is broken"})
    plan.refresh_from_db()
    assert (plan.stopped_at, plan.clean_up_released_because) == (None, "The key is broken")
    browser.post(f"{of(plan)}cancel/", BECAUSE)
    text = page(ada, of(plan))
    assert "What was done until then stands below" in text
    assert "End " in text


def test_a_second_admin_starts_what_is_about_the_first(leaving: Leaving, ada: User, second_admin: User) -> None:
    own = Leaving(leaving.desk, ada, ada)
    plan = own.plan()
    signed_in(ada).post(f"{of(plan)}start/")
    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT
    asked = Countersign.objects.get()
    mine, theirs = page(ada, of(plan)), page(second_admin, of(plan))
    assert "A second admin is needed" in mine
    assert f"confirm/{asked.pk}/" not in mine
    assert f"confirm/{asked.pk}/" in theirs
    signed_in(ada).post(f"{of(plan)}confirm/{asked.pk}/")
    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT
    assert "access:refused" in tags()
    signed_in(second_admin).post(f"{of(plan)}confirm/{asked.pk}/")
    plan.refresh_from_db()
    assert plan.is_started


def test_an_auditor_reads_all_and_sees_no_button(leaving: Leaving, otto: User) -> None:
    plan = leaving.started()
    step = leaving.step(plan, StepKind.DELETE_TOKENS)
    for path in (of(plan), f"{of(plan)}steps/", f"{of(plan)}steps/{step.pk}/", "/offboardings/"):
        text = page(otto, path)
        assert '<form method="post"' not in text.split("<main")[1], path
        assert "commandfor" not in text, path
    for name in ("start", "stop", "resume", "clean-up", "cancel", "change", "rehearse"):
        assert signed_in(otto).post(f"{of(plan)}{name}/", BECAUSE).status_code == 403, name


def test_a_start_that_has_ended_meanwhile_is_told_in_words(leaving: Leaving, ada: User) -> None:
    plan = leaving.plan()
    cancel_plan(plan, because="no", acting_user=ada)
    answer = signed_in(ada).post(f"{of(plan)}start/", follow=True)
    assert "has ended already" in answer.content.decode()


def test_the_list_by_where_plans_stand(leaving: Leaving, ada: User, emma: User) -> None:
    assert "Nobody is leaving" in page(ada, "/offboardings/")
    plan = leaving.plan(Wanted(starts_at=timezone.now() + timedelta(days=3), reference="HR-7"))
    other = Leaving(leaving.desk, ada, emma).started()
    text = page(ada, "/offboardings/")
    assert of(plan) in text
    assert of(other) in text
    scheduled = page(ada, "/offboardings/?show=scheduled").split("<main")[1]
    assert of(plan) in scheduled
    assert of(other) not in scheduled
    assert of(plan) in page(ada, "/offboardings/?q=hr-7")
    assert "No plan fits" in page(ada, "/offboardings/?q=zzz")
    assert "None of this sort" in page(ada, "/offboardings/?show=cancelled")
    step = leaving.step(other, StepKind.DELETE_TOKENS)
    Job.objects.filter(pk=step.job_id).update(state="needs_human", reason="the key is gone", ended_at=timezone.now())
    stuck = page(ada, "/offboardings/?show=needs-a-person").split("<main")[1]
    assert "1 step" in stuck
    assert of(other) in stuck
    home = page(ada, "/")
    assert "the key is gone" in home
    assert of(plan) in home


def test_pages_of_the_list_go_by_key(leaving: Leaving, ada: User) -> None:
    plan = leaving.plan()
    rows = [
        Plan(
            person=plan.person, state="cancelled", origin="page", planned_at=timezone.now(),
            planned_by_label="x", token_name="t", idempotency_key=str(number),
        )
        for number in range(30)
    ]  # fmt: skip
    Plan.objects.bulk_create(rows)
    first = page(ada, "/offboardings/?show=cancelled")
    assert first.count('data-label="State"') == 25
    before = first.split("before=")[1].split('"')[0]
    assert page(ada, f"/offboardings/?show=cancelled&before={before}").count('data-label="State"') == 5


def test_the_plan_costs_the_same_with_five_hundred_grants(
    leaving: Leaving, ada: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    plan = leaving.cut()
    browser = signed_in(ada)
    browser.get(of(plan))
    with django_assert_max_num_queries(60) as few:
        browser.get(of(plan))
    news = [
        NewStep(StepKind.REMOVE_GRANT, key=f"grant:{n}", title=f"Remove grant {n}", position=2000 + n)
        for n in range(500)
    ]
    add_steps(plan, StepKind.REMOVE_GRANT, news)
    with django_assert_max_num_queries(len(few)):
        text = browser.get(of(plan)).content.decode()
    assert text.count("Remove grant ") == 10
    assert "0 of 500 removed" in text
    cancel_plan(plan, because="They stay", acting_user=ada)
    ended = browser.get(of(plan)).content.decode()
    assert "0 of 500 removed" in ended, "what was called off was not removed"
    assert "Left out" in ended
    listed = browser.get(f"{of(plan)}steps/?kind=remove_grant").content.decode()
    assert listed.count("Remove grant ") == 100


def test_a_list_of_people_is_answered_line_by_line(leaving: Leaving, ada: User) -> None:
    lee = leaving.leaver.person
    text = f"email,reference\n{lee.email},HR-1\nnobody@nowhere.test,HR-2\n"
    answer = signed_in(ada).post("/offboardings/new/list/", {"text": text})
    said = answer.content.decode()
    assert (answer.status_code, Plan.objects.get().person) == (200, lee)
    assert "1 planned" in said
    assert "Unknown" in said
    wrong = signed_in(ada).post("/offboardings/new/list/", {"text": "who,when\nlee,now\n"})
    assert (wrong.status_code, "lee,now" in wrong.content.decode()) == (422, True)
    assert signed_in(ada).post("/offboardings/new/list/", {"text": ""}).status_code == 422
    assert signed_in(ada).post("/offboardings/new/list/", {"text": "email\n"}).status_code == 422


def test_rehearsing_again_makes_the_rows_of_work(leaving: Leaving, ada: User) -> None:
    plan = leaving.plan()
    before = Job.objects.filter(kind="offboard_rehearse").count()
    signed_in(ada).post(f"{of(plan)}rehearse/")
    assert Job.objects.filter(kind="offboard_rehearse").count() == before + 1
    run_due_jobs("offboard_preview", "offboard_rehearse")
    assert "Still reading" not in page(ada, of(plan))
