"""What breaks first when somebody leaves: read before the start, or right after it where nobody waited."""

from typing import Any

from accounts.actors import SYSTEM
from bitbucket.cloud import CloudClient
from offboarding.break_lines import Found
from offboarding.breaks_known import known_breaks
from offboarding.breaks_live import half_an_hour_left, live_breaks
from offboarding.models import Plan
from offboarding.operations.hand_over import add_breaks
from offboarding.operations.rows import lock_plan
from offboarding.rotation import NOT_KNOWN
from offboarding.states import PlanState
from tokens.clients import audit_bot
from tokens.inventory.person import WorkspaceRights, read_rights
from tokens.operations.change import Change
from tokens.operations.rights import write_rights
from workqueue.claims import Claim, finish
from workqueue.holding import hold

NO_BOT = ("rules, pull requests and pipelines", "no audit bot is set up")
OVER = (PlanState.COMPLETED, PlanState.CANCELLED)


def preview(claim: Claim) -> None:
    """Read what would break, and keep it in the plan; where that runs already, its tasks are made now.

    What could not be read raises nothing: it stands among what is unread, and nobody waits for it.
    """
    plan = Plan.objects.select_related("person").get(pk=claim.payload["plan"])
    if plan.state in OVER:
        return
    known, bot = known_breaks(plan), audit_bot()
    live = Found(unread=[NO_BOT]) if bot is None else _read(claim, plan, bot)
    _keep(claim, plan, known, live)


def _read(claim: Claim, plan: Plan, bot: CloudClient) -> Found:
    """What they reach first: places where they only write by a group are known from that alone.

    After the start the rights that are left are not what breaks, and the plan reads them itself.
    """
    requests, unread = 0, list[tuple[str, str]]()
    if not plan.is_started:
        rights = read_rights(bot, plan.person, with_grants=False)
        with hold(claim):
            unknown = sum(write_rights(plan.person, rights).values())
        requests, unread = sum(one.reading.requests for one in rights), _unread_of(rights)
        unread += [("repositories", NOT_KNOWN.format(unknown))] if unknown else []
    found = live_breaks(plan, bot, spends_at_most=half_an_hour_left())
    return Found(found.lines, [*unread, *found.unread], requests + found.requests)


def _unread_of(rights: list[WorkspaceRights]) -> list[tuple[str, str]]:
    return [
        (f"what they reach in {one.workspace}", "; ".join(each.reason for each in one.reading.unread)[:300])
        for one in rights
        if not one.is_whole
    ]


def _keep(claim: Claim, plan: Plan, known: Found, live: Found) -> None:
    with Change(SYSTEM) as change:
        locked = lock_plan(plan.pk)
        locked.preview = _as_json(change.at.isoformat(), known, live)
        locked.save(update_fields=["preview"])
        if locked.is_started:
            add_breaks(locked, at=change.at)
        finish(claim, result={"lines": len(locked.preview["lines"]), "requests": live.requests})


def _as_json(at: str, known: Found, live: Found) -> dict[str, Any]:
    return {
        "at": at,
        "lines": [one.as_json() for one in (*known.lines, *live.lines)],
        "unread": [[what, why] for what, why in (*known.unread, *live.unread)],
        "requests": live.requests,
    }
