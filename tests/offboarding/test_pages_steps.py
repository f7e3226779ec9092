"""The pages of single steps and of tasks: what each button does, and who has none."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Person, User
from offboarding.evidence import Asked, note_read
from offboarding.models import Countersign, Plan, RotateItem, Step
from offboarding.operations.rows import NewStep, add_task
from offboarding.states import PlanState, StepKind
from tests.offboarding.leaving import Leaving
from tests.offboarding.test_pages_plan import page
from tests.tokens.desk import signed_in, tags
from workqueue.models import Job

WORDS = {"words": "Done in acme/web at 12:10"}
BECAUSE = {"because": "Nobody can any more"}


def of(step: Step) -> str:
    """Where a step is."""
    return f"/offboardings/{step.plan_id}/steps/{step.pk}/"


def a_task(plan: Plan, who: User | None, kind: StepKind = StepKind.BREAKS, **more: object) -> Step:
    """A step that a person does."""
    return add_task(
        plan,
        NewStep(
            kind,
            key=f"{kind}:test",
            title="Take over the branch rules",
            detail="They name the leaver.",
            link="https://bitbucket.example/acme",
            assignee=who.person if who else None,
            due_at=timezone.now() + timedelta(days=2),
            **more,  # type: ignore[arg-type]
        ),
    )


def a_place(step: Step, owner: User | None = None) -> RotateItem:
    """One place of a rotate list."""
    workspace = step.plan.person.seats.get().workspace
    variables = [{"name": "DEPLOY_PASSWORD", "secured": True, "where": "repository"}, {"name": "REGION"}]
    return RotateItem.objects.create(
        step=step, workspace=workspace, rank=1, owner=owner.person if owner else None, variables=variables, runs=2,
        last_run_at=timezone.now(), unread=[["runners", "the bot may not"]],
    )  # fmt: skip


def test_a_step_shows_its_evidence_and_what_proves_it(leaving: Leaving, ada: User) -> None:
    leaving.token("first")
    plan = leaving.cut()
    step = leaving.step(plan, StepKind.DELETE_TOKENS)
    text = page(ada, of(step))
    assert "DELETE /users/" in text
    assert "Proves it" in text
    assert "first (" in text
    assert signed_in(ada).get(f"/offboardings/{plan.pk + 1}/steps/{step.pk}/").status_code == 404


def test_a_lost_answer_is_said(leaving: Leaving, ada: User) -> None:
    step = leaving.step(leaving.started(), StepKind.DELETE_TOKENS)
    row = note_read(step, Asked("DELETE /users/x/1", "revoke key"), "")
    type(row).objects.filter(pk=row.pk).update(answered_at=None)
    assert "nobody knows what became of it" in page(ada, of(step))


def test_retry_only_where_the_machine_can_try(leaving: Leaving, ada: User) -> None:
    plan = leaving.started()
    step = leaving.step(plan, StepKind.DELETE_TOKENS)
    Job.objects.filter(pk=step.job_id).update(state="needs_human", reason="no key", ended_at=timezone.now())
    text = page(ada, of(step))
    assert "no key" in text
    assert "Try it again" in text
    signed_in(ada).post(f"{of(step)}retry/")
    step.job.refresh_from_db()
    assert step.job.state == "queued"
    task = a_task(plan, ada)
    assert "Try it again" not in page(ada, of(task))
    answer = signed_in(ada).post(f"{of(task)}retry/", follow=True)
    assert "nothing that the portal could try" in answer.content.decode()


def test_a_refused_word_loses_nothing(leaving: Leaving, ada: User) -> None:
    step = leaving.step(leaving.started(), StepKind.DELETE_TOKENS)
    answer = signed_in(ada).post(f"{of(step)}attest/", WORDS)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert WORDS["words"] in text
    assert "re-read closes this step" in text
    secret = signed_in(ada).post(f"{of(step)}attest/", {"words": "ATATT3xFfGF0abcdefghijklmnopqrstuvwxyz0123456789"})
    assert secret.status_code == 422


def test_force_needs_a_second_person_and_is_shown_for_ever(leaving: Leaving, ada: User, second_admin: User) -> None:
    plan = leaving.started()
    step = leaving.step(plan, StepKind.DELETE_TOKENS)
    assert signed_in(ada).post(f"{of(step)}force/", {"because": ""}).status_code == 422
    signed_in(ada).post(f"{of(step)}force/", BECAUSE)
    asked = Countersign.objects.get()
    assert f"confirm/{asked.pk}/" not in page(ada, of(step))
    assert "You asked for it" in page(ada, of(step))
    assert f"confirm/{asked.pk}/" in page(second_admin, of(step))
    signed_in(second_admin).post(f"{of(step)}confirm/{asked.pk}/")
    assert "Closed by force" in page(ada, of(step))
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.COMPLETED, completed_at=timezone.now(), is_forced=True)
    assert "Parts of it were closed by force" in page(ada, f"/offboardings/{plan.pk}/")


def test_skipping_and_giving_a_task_away(leaving: Leaving, ada: User, emma: User) -> None:
    step = a_task(leaving.started(), ada)
    found = page(ada, f"{of(step)}?q=emma")
    assert f"assign/{emma.person.account_id}/" in found.replace("%3A", ":")
    assert leaving.leaver.person.account_id not in page(ada, f"{of(step)}?q=lee").split("<main")[1].replace("%3A", ":")
    signed_in(ada).post(f"{of(step)}assign/{emma.person.account_id}/")
    step.refresh_from_db()
    assert step.assignee == emma.person
    refused = signed_in(ada).post(f"{of(step)}assign/{leaving.leaver.person.account_id}/", follow=True)
    assert "cannot take over" in refused.content.decode()
    signed_in(ada).post(f"{of(step)}skip/", BECAUSE)
    step.refresh_from_db()
    assert (step.verdict, "skipped it" in page(ada, of(step))) == ("attested", True)


@pytest.mark.parametrize("decision", ["keep", "rotate"])
def test_a_deploy_key_that_lives_on_needs_an_owner(leaving: Leaving, ada: User, emma: User, decision: str) -> None:
    step = a_task(leaving.started(), ada, StepKind.DEPLOY_KEY)
    assert "Decide about this key" in page(ada, of(step))
    form = {"decision": decision, "because": "The build needs it", "new_owner": ""}
    answer = signed_in(ada).post(f"{of(step)}decide/", form)
    assert answer.status_code == 422
    assert "The build needs it" in answer.content.decode()
    lee = signed_in(ada).post(f"{of(step)}decide/", {**form, "new_owner": leaving.leaver.person.email})
    assert lee.status_code == 422
    assert signed_in(ada).post(f"{of(step)}decide/", {**form, "new_owner": emma.person.email}).status_code == 302
    step.refresh_from_db()
    assert (step.decision, step.assignee) == (decision, emma.person)


def test_the_rotate_list_names_and_never_values(leaving: Leaving, ada: User, emma: User) -> None:
    step = a_task(leaving.started(), ada, StepKind.ROTATE)
    place = a_place(step)
    text = page(ada, of(step))
    for words in ("DEPLOY_PASSWORD", "1 secured secret", "1 readable variable", "2 times", "the bot may not"):
        assert words in text
    where = f"{of(step)}places/{place.pk}/"
    assert signed_in(ada).post(f"{where}assign/", {"owner": "nobody@nowhere.test"}).status_code == 422
    signed_in(ada).post(f"{where}assign/", {"owner": emma.person.email})
    place.refresh_from_db()
    assert place.owner == emma.person
    assert signed_in(ada).post(f"{where}attest/", {"words": ""}).status_code == 422
    assert signed_in(ada).post(f"{where}attest/", WORDS).status_code == 302
    place.refresh_from_db()
    assert place.done_by == ada.person
    assert WORDS["words"] in page(ada, of(step))


def test_an_employee_does_only_their_own_tasks(leaving: Leaving, ada: User, emma: User, aria: User) -> None:
    plan = leaving.started()
    step = a_task(plan, emma)
    rotate = a_task(plan, ada, StepKind.ROTATE)
    place = a_place(rotate, emma)
    assert "Nothing for you to do" in page(aria, "/tasks/")
    assert 'href="/tasks/"' not in page(aria, "/")
    home = page(emma, "/")
    assert 'href="/tasks/"' in home
    text = page(emma, "/tasks/")
    assert f"/tasks/{step.pk}/" in text
    assert f"/tasks/{rotate.pk}/" in text
    assert "https://bitbucket.example/acme" in page(emma, f"/tasks/{step.pk}/")
    assert "offboardings" not in page(emma, f"/tasks/{step.pk}/")
    for path in (f"/tasks/{step.pk}/", f"/tasks/{rotate.pk}/"):
        assert signed_in(aria).get(path).status_code == 404
    assert signed_in(aria).post(f"/tasks/{step.pk}/attest/", WORDS).status_code == 404
    assert signed_in(aria).post(f"/tasks/{rotate.pk}/places/{place.pk}/attest/", WORDS).status_code == 404
    empty = signed_in(emma).post(f"/tasks/{step.pk}/attest/", {"words": " "})
    assert empty.status_code == 422
    signed_in(emma).post(f"/tasks/{step.pk}/attest/", WORDS)
    signed_in(emma).post(f"/tasks/{rotate.pk}/places/{place.pk}/attest/", WORDS)
    step.refresh_from_db()
    place.refresh_from_db()
    assert (step.verdict, step.attested_by, place.done_by) == ("attested", emma.person, emma.person)
    assert "Nothing for you to do" in page(emma, "/tasks/")


def test_high_risk_waits_for_a_second_word(leaving: Leaving, ada: User, emma: User) -> None:
    step = a_task(leaving.started(), emma, is_high_risk=True)
    signed_in(emma).post(f"/tasks/{step.pk}/attest/", WORDS)
    text = page(emma, f"/tasks/{step.pk}/")
    assert "A second person confirms it" in text
    assert "Nothing for you to do" in page(emma, "/tasks/")
    asked = Countersign.objects.get()
    signed_in(ada).post(f"{of(step)}confirm/{asked.pk}/")
    step.refresh_from_db()
    assert step.verdict == "attested"


def test_a_rotate_list_that_is_still_read_is_nobodys_task(leaving: Leaving, ada: User) -> None:
    step = a_task(leaving.started(), ada, StepKind.ROTATE)
    Job.objects.filter(pk=step.job_id).update(state="queued", ended_at=None)
    assert f"/tasks/{step.pk}/" not in page(ada, "/tasks/")


def test_the_leaver_does_nothing(leaving: Leaving, ada: User, second_admin: User) -> None:
    """An admin who leaves, while the session still lives in another process."""
    own = Leaving(leaving.desk, ada, second_admin)
    step = a_task(own.started(), ada)
    Person.objects.filter(pk=second_admin.person_id).update(blocked_at=None)
    still_in = leaving.desk.again(second_admin)
    text = page(still_in, of(step))
    assert "It is done" not in text
    answer = signed_in(still_in).post(f"{of(step)}skip/", BECAUSE)
    assert answer.status_code == 422
    assert "The leaver decides nothing" in answer.content.decode()
    assert BECAUSE["because"] in answer.content.decode()
    assert "access:refused" in tags()
    step.refresh_from_db()
    assert step.closed_at is None
