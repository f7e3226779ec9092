"""A second person's word: asked for once, told to everybody who may give it, never given by whoever asked or leaves."""

from django.db.models import QuerySet

from accounts.models import User
from accounts.notifications import admins, notify
from audit.tags import Tag
from offboarding.actors import label_of, person_of
from offboarding.models import Countersign, Plan, Step
from offboarding.operations.rows import plan_subject
from tokens.operations.change import Change, NotAllowed, Stale


def open_questions(plan: Plan) -> QuerySet[Countersign]:
    """What nobody has answered yet."""
    return plan.countersigns.filter(confirmed_at=None, dropped_at=None)


def ask_second(  # noqa: PLR0913, RUF100 - what a question is made of
    plan: Plan,
    step: Step | None,
    purpose: Countersign.Purpose,
    because: str,
    change: Change,
    *,
    os_user: str = "",
) -> Countersign:
    """Ask for a second person's word; a second click finds the first question.

    Args:
        plan: locked.
        step: the step that it is about; None for the start of the plan.
        purpose: what would be done.
        because: why a second person is needed.
        change: the running change; its actor asks.
        os_user: the account on the server, for a command.
    """
    asked, made = Countersign.objects.get_or_create(
        plan=plan,
        step=step,
        purpose=purpose,
        confirmed_at=None,
        dropped_at=None,
        defaults={
            "because": because[:300],
            "asked_by": person_of(change.acting_user),
            "asked_by_label": label_of(change.acting_user, os_user=os_user),
            "asked_at": change.at,
        },
    )
    if made:
        _tell_second_admins(asked)
        change.event(Tag.COUNTERSIGN_ASKED, plan_subject(plan), plan=plan.pk, **_about(asked), because=asked.because)
    return asked


def _about(asked: Countersign) -> dict[str, str]:
    step = {"step": asked.step.key} if asked.step else {}
    return {**step, "purpose": asked.purpose}


def _tell_second_admins(asked: Countersign) -> None:
    plan = asked.plan
    body = (
        f"{asked.asked_by_label} wants to {asked.get_purpose_display().lower()} of {plan} ({plan.person}).\n\n"
        f"It needs a second admin: {asked.because}.\n\nOpen the plan to confirm it or to call it off."
    )
    for admin in admins():
        if admin.pk not in (asked.asked_by_id, plan.person_id):
            notify(admin, subject=f"Second admin needed: {plan.person}", body=body, path=plan.get_absolute_url())


def confirm(asked: Countersign, change: Change, *, second: User) -> Countersign:
    """Write the second person's yes down; what they agreed to is done by whoever calls.

    Args:
        asked: the question; its plan is locked.
        change: the running change.
        second: who says yes.

    Returns:
        The question, locked.

    Raises:
        NotAllowed: they asked, or they are the leaver.
        Stale: it was answered.
    """
    row = Countersign.objects.select_for_update(no_key=True).get(pk=asked.pk)
    if row.confirmed_at is not None or row.dropped_at is not None:
        raise Stale("Somebody has answered this meanwhile.")
    if row.asked_by_id == second.person_id:
        raise NotAllowed("A second person has to confirm this: you asked for it yourself.")
    if row.plan.person_id == second.person_id:
        raise NotAllowed("The leaver cannot confirm anything about the own plan.")
    row.confirmed_by, row.confirmed_at = second.person, change.at
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    change.event(Tag.COUNTERSIGN_CONFIRMED, plan_subject(row.plan), plan=row.plan_id, **_about(row))
    return row
