"""What a plan's page shows of its report and its evidence packs."""

from typing import Any

from django.urls import reverse

from accounts.models import User
from audit.models import EvidencePack
from offboarding.models import Plan
from offboarding.operations.packing import last_packing, pack_subject
from offboarding.permissions import RUN
from offboarding.signing import signing
from workqueue.models import OPEN_STATES, JobState

_SHOWN = 20


def report_context(plan: Plan, user: User) -> dict[str, Any]:
    """The context of ``offboarding/_report.html``."""
    key, job = signing(), last_packing(plan)
    is_going_on = job is not None and job.state in OPEN_STATES
    did_fail = job is not None and job.state not in (*OPEN_STATES, JobState.DONE)
    return {
        "plan": plan,
        "report_url": reverse("plan_report", args=[plan.pk]),
        "packs": [_row(one) for one in packs_of(plan)],
        "may_download": user.has_perm("audit.view_event"),
        "may_ask": user.has_perm(RUN),
        "can_ask": key.is_possible and not is_going_on,
        "is_packing": is_going_on,
        "pack_trouble": job.reason if job is not None and did_fail else "",
        "signing_words": key.words,
        "can_sign": key.is_possible,
    }


def packs_of(plan: Plan) -> "list[EvidencePack]":
    """The packs of a plan without their content, the newest first."""
    subject = pack_subject(plan)
    found = EvidencePack.objects.filter(subject_type=subject.type, subject_id=subject.id)
    return list(found.defer("content").order_by("-pk")[:_SHOWN])


def _row(pack: EvidencePack) -> dict[str, Any]:
    return {
        "made_at": pack.made_at,
        "made_by": pack.made_by,
        "size": pack.size,
        "sha256": pack.sha256,
        "key_id": pack.key_id,
        "url": reverse("trail_pack", args=[pack.pk]),
    }
