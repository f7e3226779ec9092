"""Starts one offboarding, follows it, and prints what its evidence says: a process of its own, without keys."""

import argparse
import json
import os
import time
from datetime import datetime
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

# Models can be imported only now.
from django.conf import settings  # noqa: E402

from accounts.models import Person, User  # noqa: E402
from offboarding.models import Evidence, Plan  # noqa: E402
from offboarding.operations.planning import plan_offboarding  # noqa: E402
from offboarding.operations.starting import start_plan  # noqa: E402
from offboarding.states import Phase, StepKind  # noqa: E402

MACHINES = (Phase.CUT, Phase.CLEAN_UP)
WAIT_SECONDS = 900


def admin() -> User:
    """The admin whom the settings name, as if they had signed in."""
    account_id = settings.PORTAL_ADMINS[0]
    person, _ = Person.objects.get_or_create(account_id=account_id, defaults={"display_name": "Admin"})
    return User.objects.get_or_create(person=person, defaults={"username": account_id})[0]


def leaver(account: dict[str, str]) -> Person:
    """The leaver as the inventory knows them, or as the workspace would tell."""
    names = {"uuid": account["uuid"], "display_name": account["display_name"], "email": account["email"]}
    return Person.objects.update_or_create(account_id=account["account_id"], defaults=names)[0]


def proven_at(plan: Plan, *kinds: StepKind) -> datetime | None:
    """When the last re-read of these steps showed the end."""
    rows = Evidence.objects.filter(step__plan=plan, step__kind__in=kinds, proves=True).order_by("-answered_at")
    return rows.values_list("answered_at", flat=True).first()


def follow(plan: Plan) -> float:
    """Wait until every step of a machine is closed; seconds.

    Raises:
        RuntimeError: it needs a person, or takes too long.
    """
    began = time.perf_counter()
    while time.perf_counter() - began < WAIT_SECONDS:
        open_ones = plan.steps.filter(phase__in=MACHINES, closed_at=None).exclude(kind=StepKind.DEPLOY_KEY)
        stuck = open_ones.filter(job__state__in=("needs_human", "errored", "failed")).select_related("job").first()
        if stuck is not None:
            raise RuntimeError(f"{stuck.title}: {stuck.job.reason}")
        if plan.steps.filter(kind=StepKind.PROVE_RIGHTS).exists() and not open_ones.exists():
            return time.perf_counter() - began
        time.sleep(0.1)
    raise RuntimeError("it did not end in time")


def main() -> None:
    """Offboard, print JSON."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("account", type=json.loads)
    asked = arguments.parse_args()
    who = admin()
    plan = start_plan(plan_offboarding(leaver(asked.account), acting_user=who), acting_user=who)
    seconds = follow(plan)
    plan.refresh_from_db()
    assert plan.started_at is not None
    answer: dict[str, Any] = {"seconds": seconds}
    for name, kinds in (
        ("tokens_gone", (StepKind.DELETE_TOKENS,)),
        ("account_off", (StepKind.SWITCH_OFF,)),
        ("cut", (StepKind.DELETE_LATE_TOKENS,)),
        ("first_call", ()),
    ):
        moment = proven_at(plan, *kinds) if kinds else _first_call(plan)
        answer[name] = (moment - plan.started_at).total_seconds() if moment else None
    rows = plan.steps.filter(kind=StepKind.REMOVE_GRANT)
    proof = plan.steps.filter(kind=StepKind.PROVE_RIGHTS).order_by("-pk")[0]
    answer |= {"removals": rows.count(), "reached_after": proof.target.get("reached"), "proof": proof.verdict_words}
    print(json.dumps(answer))


def _first_call(plan: Plan) -> datetime | None:
    return Evidence.objects.filter(step__plan=plan).order_by("at").values_list("at", flat=True).first()


if __name__ == "__main__":
    main()
