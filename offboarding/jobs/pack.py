"""Building the signed evidence pack of a plan, in the one process that holds the key."""

from accounts.actors import SYSTEM, Acting, actor
from accounts.models import User
from audit.content import RefusedContent
from audit.packs import store_pack
from audit.signing import NoSigningKey
from audit.tags import Tag
from audit.verifier import DoesNotHold
from offboarding.models import Plan
from offboarding.operations.packing import pack_subject
from offboarding.operations.rows import plan_subject
from offboarding.packing import packed
from tokens.operations.change import Change
from workqueue.claims import Claim, ExpectedFailure, finish


def pack(claim: Claim) -> None:
    """Build it and keep it; the trail tells its number and hash.

    Raises:
        ExpectedFailure: there is no key, or the pack cannot be made; the text says why.
    """
    plan = Plan.objects.select_related("person", "planned_by").get(pk=claim.payload["plan"])
    try:
        content = packed(plan)
    except (NoSigningKey, RefusedContent, DoesNotHold) as problem:
        raise ExpectedFailure(str(problem)) from problem
    asker = _asker(claim)
    with Change(asker) as change:
        finish(claim)
        stored = store_pack(content, subject=pack_subject(plan), made_by=actor(asker))
        change.event(Tag.PLAN_PACKED, plan_subject(plan), plan=plan.pk, pack=stored.pk, sha256=stored.sha256)


def _asker(claim: Claim) -> Acting:
    return User.objects.select_related("person").filter(pk=claim.payload["user"]).first() or SYSTEM
