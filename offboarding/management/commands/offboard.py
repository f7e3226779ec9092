"""Plans an offboarding, rehearses it, or cuts now. The workers act; this process only writes rows and waits."""

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Person, User
from audit.content import RefusedContent
from offboarding.following import follow, rehearsal_of, rehearsal_outcome
from offboarding.models import Origin, Plan
from offboarding.operations.csv_lines import wanted_from_row
from offboarding.operations.many import LineAnswer, plan_many, rows_from_csv
from offboarding.operations.planning import Channel, draft_or_find, look_ahead_again
from offboarding.operations.starting import start_plan
from offboarding.os_user import os_user
from offboarding.plan_answer import plan_as_json
from offboarding.plan_words import line_words, plan_words, rehearsal_words
from offboarding.standstill import Outcome, outcome_of
from offboarding.states import PlanState
from tokens.operations.change import NotAllowed, Stale

REHEARSAL_SECONDS, WAIT_SECONDS = 60.0, 900.0
ENDS = """
Ends with
  0  planned, rehearsed or started as asked; with --wait: the cut is closed and all that a machine can do is done
  1  refused: nobody by that id, no right, a bot's account, a plan that ended, or a line of the file that was refused
  2  the command line cannot be read
  3  with --wait or --rehearse: the time is over, the work goes on
  4  the start needs a second admin: one confirms it on the plan's page
  5  a person has to look: a step cannot go on by itself, or the rehearsal failed or met problems
     (--cut-now does not start then; without --rehearse it does)
  6  no worker answered: is worker-revoke running?
"""
NOBODY_WORKS = "No worker answered. This process holds no keys: is worker-revoke running? The rows wait for it."
WHY = {
    Outcome.REFUSED: "The plan was called off.",
    Outcome.MOVING: "Not done in time. It goes on; look at the plan's page.",
    Outcome.NEEDS_SECOND_ADMIN: "Not started: a second admin has to confirm it on the plan's page.",
    Outcome.NEEDS_HUMAN: "A person has to look: something cannot go on by itself.",
    Outcome.NO_WORKER: NOBODY_WORKS,
}


class Command(BaseCommand):
    """Interrupting stops the waiting, not the plan."""

    help = "Take away everything that somebody who leaves holds: plan it, rehearse it, or cut now."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """The parser, with the exit codes below its help."""
        return super().create_parser(
            prog_name, subcommand, epilog=ENDS, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What can be chosen."""
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("account_id", nargs="?", help="the leaver's Atlassian account id")
        who.add_argument("--file", help="a CSV of leavers instead: account_id or email, and the columns named below")
        parser.add_argument("--as", dest="acting", required=True, metavar="ACCOUNT_ID", help="the admin who does this")
        parser.add_argument("--rehearse", action="store_true", help="wait for the rehearsal and print what it met")
        parser.add_argument("--cut-now", action="store_true", help="start at once")
        parser.add_argument("--wait", action="store_true", help="with --cut-now: follow until only people are left")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--leaves-at", default="", metavar="ISO", help="when they leave; UTC unless it says else")
        parser.add_argument("--reported-at", default="", metavar="ISO", help="when it was reported")
        parser.add_argument("--starts-at", default="", metavar="ISO", help="start by itself at this time")
        parser.add_argument("--reference", default="", metavar="TEXT", help="such as a ticket's number")
        parser.add_argument(
            "--wait-seconds",
            type=float,
            help=f"wait at most so long: {REHEARSAL_SECONDS:.0f} for a rehearsal, {WAIT_SECONDS:.0f} with --wait",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Plan; rehearse, start and wait where asked; print; end with what is left to do."""
        user = _admin(options["acting"])
        try:
            lines, plans = self._planned(user, options)
            outcome = self._carried_out(plans, user, options)
        except PermissionDenied as problem:
            raise CommandError(f"{user.person} may not do this: {problem}") from problem
        except RefusedContent as problem:
            raise CommandError("The reference looks like a secret. Nothing was planned.") from problem
        except (NotAllowed, Stale, ValueError) as problem:
            raise CommandError(str(problem)) from problem
        except KeyboardInterrupt:
            raise CommandError("Not waiting any more; what was started goes on.", returncode=130) from None
        self.stdout.write(_as_json(plans, lines, options) if options["json"] else _as_words(plans, lines, options))
        if any(line.answer == "refused" for line in lines):
            outcome = max(outcome, Outcome.REFUSED)
        if outcome != Outcome.DONE:
            self.stderr.write(WHY[outcome] if outcome != Outcome.REFUSED or not lines else "Some lines were refused.")
            sys.exit(outcome)

    def _planned(self, user: User, options: dict[str, Any]) -> tuple[list[LineAnswer], list[Plan]]:
        channel = Channel(Origin.COMMAND, os_user=os_user())
        if options["file"]:
            lines = plan_many(rows_from_csv(_text_of(options["file"])), channel=channel, acting_user=user)
            return lines, [line.plan for line in lines if line.plan is not None]
        person = Person.objects.filter(account_id=options["account_id"]).first()
        if person is None:
            raise NotAllowed("The portal does not know a person with this account id. Nothing was planned.")
        wanted = wanted_from_row(options)
        plan, is_new = draft_or_find(person, wanted=wanted, channel=channel, acting_user=user)
        if options["rehearse"] and not is_new:
            look_ahead_again(plan, acting_user=user)
        return [], [plan]

    def _carried_out(self, plans: Sequence[Plan], user: User, options: dict[str, Any]) -> Outcome:
        outcome = Outcome.DONE
        if options["rehearse"]:
            outcome = _rehearsed(plans, options["wait_seconds"] or REHEARSAL_SECONDS)
        if options["cut_now"] and outcome == Outcome.DONE:
            outcome = _started(plans, user)
            if options["wait"]:
                running = [plan for plan in plans if plan.is_started]
                seconds = options["wait_seconds"] or WAIT_SECONDS
                outcome = max(outcome, follow(running, seconds=seconds, show=self.stderr.write))
        for plan in plans:
            plan.refresh_from_db()
        return outcome


def _admin(account_id: str) -> User:
    user = User.objects.select_related("person").filter(username=account_id).first()
    if user is None:
        raise CommandError("Nobody with the account id after --as has ever signed in here.")
    return user


def _text_of(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8") if name != "-" else sys.stdin.read()
    except (OSError, UnicodeDecodeError) as problem:
        raise ValueError(f"The file cannot be read: {problem}") from problem


def _rehearsed(plans: Sequence[Plan], seconds: float) -> Outcome:
    return max((rehearsal_outcome(plan, rehearsal_of(plan, seconds=seconds)) for plan in plans), default=Outcome.DONE)


def _started(plans: Sequence[Plan], user: User) -> Outcome:
    """Start each that has not ended; one that needs a second admin asks for one."""
    outcome = Outcome.DONE
    for plan in plans:
        if plan.state != PlanState.COMPLETED:
            start_plan(plan, acting_user=user, os_user=os_user())
            plan.refresh_from_db()
        if outcome_of(plan) == Outcome.NEEDS_SECOND_ADMIN:
            outcome = Outcome.NEEDS_SECOND_ADMIN
    return outcome


def _as_json(plans: Sequence[Plan], lines: Sequence[LineAnswer], options: dict[str, Any]) -> str:
    answers = [plan_as_json(plan) | ({"rehearsal": plan.rehearsal} if options["rehearse"] else {}) for plan in plans]
    if not options["file"]:
        return json.dumps(answers[0], indent=2)
    return json.dumps({"lines": [line.as_json() for line in lines], "plans": answers}, indent=2)


def _as_words(plans: Sequence[Plan], lines: Sequence[LineAnswer], options: dict[str, Any]) -> str:
    words = [line_words(line) for line in lines]
    for plan in plans:
        words += plan_words(plan)
        words += rehearsal_words(plan) if options["rehearse"] else []
    return "\n".join(words)
