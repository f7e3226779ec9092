"""The rotate list: its items are written, ranked, given to people, and attested one by one."""

from collections.abc import Iterable

from accounts.access import authorise
from accounts.models import Person, User, Workspace
from accounts.notifications import notify
from accounts.policy import ACTIVE
from audit.tags import Tag
from offboarding.evidence import note_word
from offboarding.models import Countersign, Plan, RotateItem, Step
from offboarding.operations.advancing import advance
from offboarding.operations.attesting import attest_locked
from offboarding.operations.rows import lock_plan, lock_step, plan_subject
from offboarding.operations.step_actions import open_step, task_path, tell_assignee
from offboarding.permissions import RUN
from offboarding.pipeline_holdings import Holding
from offboarding.rotation import Rotation, title_of
from offboarding.written import ADMIN
from tokens.inventory.own import own_accounts
from tokens.models import Grant, Repository
from tokens.operations.change import Change, NotAllowed, Stale
from workqueue.claims import Claim, finish
from workqueue.models import JobState

A_TASK = "What was found is to be rotated by people."
STILL_READING = "The portal is still reading what is to be rotated."


def write_item(
    step: Step, read: Holding, *, repository: Repository | None = None, workspace: Workspace | None = None
) -> None:
    """Keep what one place holds; a place that holds nothing (any more) has no item, unless somebody attested it."""
    kept = RotateItem.objects.filter(step=step, repository=repository, workspace=workspace)
    if not read.is_anything:
        kept.filter(done_at=None).delete()
        return
    RotateItem.objects.update_or_create(
        step=step,
        repository=repository,
        workspace=workspace,
        defaults={
            "variables": read.variables,
            "runners": read.runners,
            "has_pipeline_key": read.has_pipeline_key,
            "last_run_at": read.last_run_at,
            "runs": read.runs,
            "unread": [[part, why] for part, why in read.unread.items()],
        },
    )


def leave_rotation(claim: Claim, step: Step, rotation: Rotation, change: Change) -> None:
    """Everything is read: what was found is a task now, with an owner for each place. It is no trouble: no alarm.

    Raises:
        LostLease: the job is not ours any more.
    """
    plan = lock_plan(step.plan_id)
    finish(claim, state=JobState.NEEDS_HUMAN, reason=A_TASK)
    locked = lock_step(step.pk)
    items = list(locked.items.select_related("repository", "owner").order_by("pk"))
    _rank(items, rotation)
    _give_owners(plan, items)
    RotateItem.objects.bulk_update(items, ["rank", "owner"], batch_size=1_000)
    locked.title = title_of(items, str(plan.person))[:300]
    locked.detail = f"{rotation.words()}."
    locked.is_high_risk = any(one.secured for one in items)
    locked.save(update_fields=["title", "detail", "is_high_risk"])
    rotation.save(locked, is_read=True)
    _tell(plan, locked, items)
    change.event(
        Tag.STEP_NEEDS_HUMAN, plan_subject(plan), plan=plan.pk, step=locked.key, because=A_TASK, places=len(items)
    )
    advance(plan, change)


def _rank(items: list[RotateItem], rotation: Rotation) -> None:
    """Most secrets first, then what the leaver ran, then where they administered."""
    administered = {one.pk for one in rotation.places if one.is_repository and one.level == ADMIN}

    def order(one: RotateItem) -> tuple[int, int, bool, str]:
        return (-(one.secured + one.has_pipeline_key), -one.runs, one.repository_id not in administered, str(one))

    for number, one in enumerate(sorted(items, key=order), start=1):
        one.rank = number


def _give_owners(plan: Plan, items: Iterable[RotateItem]) -> None:
    """Its one administrator by name, where exactly one is known; else whoever has the plan."""
    open_ones = [one for one in items if one.owner_id is None and one.done_at is None]
    own = own_accounts()
    admins: dict[int, list[Person]] = {}
    given = Grant.objects.filter(
        repository__in=[one.repository_id for one in open_ones if one.repository_id],
        permission=ADMIN,
        gone_at=None,
        person__account_status=ACTIVE,
    ).exclude(person=plan.person_id)
    for grant in given.select_related("person"):
        if grant.person is not None and not own.holds(grant.person.account_id, grant.person.email):
            admins.setdefault(grant.repository_id or 0, []).append(grant.person)
    for one in open_ones:
        found = admins.get(one.repository_id or 0, [])
        one.owner = found[0] if len(found) == 1 else plan.planner


def _tell(plan: Plan, step: Step, items: Iterable[RotateItem]) -> None:
    if step.assignee is not None:
        tell_assignee(plan, step, step.assignee)
    theirs: dict[Person, list[str]] = {}
    for one in items:
        if one.owner is not None and one.owner_id != step.assignee_id and one.done_at is None:
            theirs.setdefault(one.owner, []).append(str(one))
    for owner, places in theirs.items():
        _tell_owner(plan, step, owner, places)


def _tell_owner(plan: Plan, step: Step, owner: Person, places: list[str]) -> None:
    until = f" until {step.due_at:%d %B %Y}" if step.due_at else ""
    shown = ", ".join(places[:20]) + (f" and {len(places) - 20} more" if len(places) > 20 else "")
    body = (
        f"{plan.person} leaves, and could read or use what the pipelines hold in {shown}.\n\n"
        f"Please give each secret there a new value{until}. Open it to see which, and to say when it is done."
    )
    subject = f"For you: rotate what {plan.person} could read"
    notify(owner, subject=subject, body=body, path=task_path(step))


def assign_item(item: RotateItem, owner: Person, *, acting_user: User) -> None:
    """Give one place of the rotate list to somebody, never to the leaver; they hear of it.

    Raises:
        PermissionDenied: the actor may not.
        NotAllowed: the leaver.
        Stale: it is attested, or the step is closed.
    """
    authorise(acting_user, RUN)
    with Change(acting_user) as change:
        plan, step, locked = _open_item(item, acting_user)
        if owner.pk == plan.person_id:
            raise NotAllowed("The leaver cannot take over what the leaver leaves behind.")
        locked.owner = owner
        locked.save(update_fields=["owner"])
        if owner.pk != acting_user.person_id:
            _tell_owner(plan, step, owner, [str(locked)])
        change.event(
            Tag.STEP_ASSIGNED,
            plan_subject(plan),
            plan=plan.pk,
            step=step.key,
            place=str(locked),
            assignee=owner.account_id,
        )


def attest_item(item: RotateItem, *, words: str, acting_user: User) -> Countersign | None:
    """A person says that the secrets of one place have new values. The last one attests the whole step.

    Returns:
        The question to the second person, where the last one was attested and the risk is high; else None.

    Raises:
        PermissionDenied: neither the item's owner nor somebody who runs plans.
        NotAllowed: the leaver, or no words.
        Stale: it is attested, the step is closed, or the list is still being read.
    """
    if not words.strip():
        raise NotAllowed("Say how you know: what got a new value, where, when.")
    with Change(acting_user) as change:
        plan, step, locked = _open_item(item, acting_user)
        if locked.owner_id != acting_user.person_id:
            authorise(acting_user, RUN)
        locked.done_at, locked.done_by, locked.words = change.at, acting_user.person, words[:500]
        locked.save(update_fields=["done_at", "done_by", "words"])
        note_word(step, f"{locked}: {words}", by=str(acting_user.person))
        change.event(
            Tag.SECRET_ROTATED, plan_subject(plan), plan=plan.pk, step=step.key, place=str(locked), words=words[:300]
        )
        if step.items.filter(done_at=None).exists():
            return None
        asked = attest_locked(plan, step, f"Every place is done; the last, {locked}: {words}", change, acting_user)
        if asked is None:
            advance(plan, change)
        return asked


def _open_item(item: RotateItem, acting_user: User) -> tuple[Plan, Step, RotateItem]:
    plan, step = open_step(item.step, acting_user)
    if step.job.state != JobState.NEEDS_HUMAN:
        raise Stale(STILL_READING)
    rows = RotateItem.objects.select_for_update(of=("self",), no_key=True).select_related("repository", "workspace")
    locked = rows.get(pk=item.pk)
    if locked.done_at is not None:
        raise Stale("Somebody has attested this place meanwhile.")
    return plan, step, locked
