"""Planning for a list of people: each line is answered for itself, and a bad one stops none of the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from accounts.access import authorise
from accounts.actors import Acting
from accounts.models import Person
from accounts.people import role_settings
from audit.content import RefusedContent
from offboarding.leftovers import ended_plans, holds_something
from offboarding.models import Plan
from offboarding.operations.csv_lines import LINE, rows_from_csv, wanted_from_row
from offboarding.operations.planning import Channel, draft_or_find
from offboarding.permissions import PLAN
from offboarding.states import OPEN_PLAN, PlanState
from tokens.inventory.seating import seating
from tokens.operations.change import NotAllowed

__all__ = ["Answer", "LineAnswer", "plan_many", "plan_one", "rows_from_csv"]

Answer = Literal["planned", "done", "unknown", "not a member", "refused"]


@dataclass(frozen=True)
class LineAnswer:
    """What became of one line.

    Attributes:
        line: where it stands in the list.
        who: the account id or address it names.
        answer: ``done`` where a plan is completed and nothing is alive since; ``not a member`` for somebody known
            without a seat and without anything alive.
        plan: the open plan, or the completed one; None for the other answers.
        words: for people.
        is_new: whether the plan was made now.
    """

    line: int
    who: str
    answer: Answer
    plan: Plan | None
    words: str
    is_new: bool = False

    def as_json(self) -> dict[str, Any]:
        """The answer as plain JSON."""
        number = self.plan.pk if self.plan else None
        return {"line": self.line, "who": self.who, "answer": self.answer, "plan": number, "words": self.words}


def plan_many(rows: Sequence[Mapping[str, str]], *, channel: Channel, acting_user: Acting) -> list[LineAnswer]:
    """Plan each line; where the channel carries an idempotency key, each line has one of its own.

    Args:
        rows: what `rows_from_csv` gives.
        channel: through which door they come.
        acting_user: who plans.

    Raises:
        PermissionDenied: the actor may not plan at all.
    """
    authorise(acting_user, PLAN)
    answers = []
    for number, row in enumerate(rows, start=1):
        line = int(row.get(LINE) or number)
        key = f"{channel.idempotency_key}:{line}" if channel.idempotency_key else ""
        answers.append(plan_one(row, line=line, channel=replace(channel, idempotency_key=key), acting_user=acting_user))
    return answers


def plan_one(row: Mapping[str, str], *, line: int, channel: Channel, acting_user: Acting) -> LineAnswer:
    """Plan for whom a line names.

    Raises:
        PermissionDenied: the actor may not plan at all.
    """
    who = (row.get("account_id") or row.get("email") or "")[:254]
    try:
        wanted = wanted_from_row(row)
        person = _person_from(row)
        if person is None:
            return LineAnswer(line, who, "unknown", None, "The portal knows nobody by that.")
        over = _nothing_to_do(person)
        if over is not None:
            answer, plan, words = over
            return LineAnswer(line, who, answer, plan, words)
        plan, is_new = draft_or_find(person, wanted=wanted, channel=channel, acting_user=acting_user)
    except RefusedContent:
        return LineAnswer(line, who, "refused", None, "The reference looks like a secret.")
    except (ValueError, NotAllowed) as problem:
        return LineAnswer(line, who, "refused", None, str(problem))
    words = _words_of(plan) if is_new else f"{plan} was planned before; it is {plan.get_state_display().lower()}."
    return LineAnswer(line, who, "planned", plan, words, is_new)


def _person_from(row: Mapping[str, str]) -> Person | None:
    """Whom a line names.

    Raises:
        ValueError: nobody, several people, or two different ones.
    """
    account_id, email = row.get("account_id", ""), row.get("email", "").lower()
    if not account_id and not email:
        raise ValueError("It names neither an account_id nor an email.")
    by_id = Person.objects.filter(account_id=account_id).first() if account_id else None
    if not email:
        return by_id
    theirs = _people_with_email(email)
    if by_id is not None and by_id not in theirs:
        raise ValueError("The account_id and the email belong to different people, or the email is not confirmed.")
    if by_id is not None or account_id:
        return by_id
    if len(theirs) > 1:
        raise ValueError("Several people have this address. Name the account_id.")
    return theirs[0] if theirs else None


def _people_with_email(email: str) -> list[Person]:
    """Who has this address, confirmed by Bitbucket, in whatever spelling of its letters."""
    alike = Person.objects.filter(confirmed_emails__icontains=email).order_by("pk")
    return [one for one in alike if email in (known.lower() for known in one.confirmed_emails)]


def _nothing_to_do(person: Person) -> tuple[Answer, Plan | None, str] | None:
    if Plan.objects.filter(person=person, state__in=OPEN_PLAN).exists():
        return None
    last = ended_plans().filter(person=person, state=PlanState.COMPLETED).first()
    if last is not None and last.returned_at is None and not _holds(person, last):
        return "done", last, f"{last} is completed, and nothing is alive since."
    if last is None and not _is_somebody(person) and not _holds(person):
        return "not a member", None, "Known, but without a seat, a role or anything alive."
    return None


def _holds(person: Person, last: Plan | None = None) -> bool:
    since = last.completed_at if last else None
    return Person.objects.filter(holds_something(since=since), pk=person.pk).exists()


def _is_somebody(person: Person) -> bool:
    """Whether they have a seat or a role of their own; where the members are not read, nobody can say no."""
    named = role_settings()
    has_seat = person.seats.filter(workspace__uuid__in=named.workspaces).exists()
    return has_seat or named.names(person.account_id) or not seating().is_complete


def _words_of(plan: Plan) -> str:
    if plan.starts_at is None:
        return f"{plan} is a draft; an admin starts it."
    return f"{plan} is a draft; it starts by itself at {plan.starts_at:%Y-%m-%d %H:%M} UTC."
