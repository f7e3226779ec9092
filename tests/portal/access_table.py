"""Who gets what where. One line an address: what a role is answered to GET and to POST.

The roles stand in the order of ``scene.ROLES``: anonymous, owner (Emma, whose things they are), other employee,
approver, admin, auditor. 302 is the way to the sign-in page for those who are signed out, and "done, go on" or
"refused, in words" for the others; a star says that something changed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.portal.key_scene import a_key
from tests.portal.making_scene import a_request_to_make, an_access_token
from tests.portal.pack_scene import a_stored_pack
from tests.portal.place_scene import a_repository
from tests.portal.scene import Scene


def _nothing(_: Scene) -> list[Any]:
    return []


@dataclass(frozen=True)
class Expected:
    """One address.

    Attributes:
        get: the answers to GET, by role.
        post: the answers to POST, by role.
        arguments: what the address is about.
        form: what is sent.
        query: what stands behind the address's question mark.
        as_json: whether what is sent is JSON.
    """

    get: str
    post: str
    arguments: Callable[[Scene], list[Any]] = _nothing
    form: dict[str, str] = field(default_factory=dict)
    query: str = ""
    as_json: bool = False


EVERYBODY = "200 200 200 200 200 200"
NOBODY = "405 405 405 405 405 405"
SIGNED_IN = "302 200 200 200 200 200"
WITH_A_TOKEN = "401 401 401 401 401 401"
API = "401 200 200 200 200 200"
NOTHING_THERE = "404 404 404 404 404 404"
OVERSIGHT = "302 403 403 403 200 200"
ADMIN_CHANGES = "302 403 403 403 302* 403"
APPROVER_CHANGES = "302 403 403 302* 403 403"
ADMIN_READS = "302 403 403 403 200 403"
TASK_CHANGES = "302 302* 404 404 302* 403"
OWNER_READS = "302 200 404 404 403 403"
OWNER_CHANGES = "302 302* 404 404 403 403"

WORDS = {"words": "I did it in acme/web"}
DECISION = {"decision": "delete", "because": "Nothing uses it"}
WHY = {"reason": "Not needed any more"}
BECAUSE = {"because": "Not needed any more"}
ACCEPT = BECAUSE | {"until": (datetime.now(UTC) + timedelta(days=30)).date().isoformat()}
BULK = {"action": "revoke", "all": "yes", "confirm": "yes", "key": "this form"}
ASK = {"reason": "The nightly report", "where_used": "git on my laptop", "lifetime_days": "7"}

NEW_TEMPLATE = {
    "slug": "nightly-report",
    "name": "Nightly report",
    "purpose": "Read code for the nightly report",
    "levels": "repositories:read",
    "kinds": "api_token",
    "max_days": "30",
    "rule": "approvers",
    "confirm": "yes",
}

EXPECTED: dict[str, Expected] = {
    "healthz": Expected(EVERYBODY, NOBODY),
    "readyz": Expected(EVERYBODY, NOBODY),
    "metrics": Expected(EVERYBODY, NOBODY),
    "signin": Expected("200 302 302 302 302 302", NOBODY),
    "bitbucket_oauth2_login": Expected("302 302 302 302 302 302", "302 302 302 302 302 302"),
    "bitbucket_oauth2_callback": Expected("403 403 403 403 403 403", NOBODY),
    "signin_link": Expected(EVERYBODY, "403 403 403 403 403 403", form={"code": "guessed"}),
    "signout": Expected(NOBODY, "302 302 302 302 302 302"),
    "signed_out": Expected(EVERYBODY, NOBODY),
    "approvers": Expected("302 403 403 403 200 403", NOBODY),
    "name_approver": Expected(NOBODY, ADMIN_CHANGES, lambda scene: ["712020:lee"]),
    "remove_approver": Expected(NOBODY, ADMIN_CHANGES, lambda scene: ["712020:aria"]),
    "service_tokens": Expected(
        "302 403 403 403 200 403",
        "302 403 403 403 200* 403",
        form={"name": "HR", "scopes": "offboardings:write", "days": "90"},
    ),
    "revoke_service_token": Expected(NOBODY, ADMIN_CHANGES, lambda scene: [scene.service_token.pk]),
    "people": Expected(OVERSIGHT, NOBODY),
    "person": Expected(OVERSIGHT, NOBODY, lambda scene: ["712020:emma"]),
    "person_read": Expected(NOBODY, ADMIN_CHANGES, lambda scene: ["712020:emma"]),
    "repositories": Expected(OVERSIGHT, NOBODY),
    "repository": Expected(OVERSIGHT, NOBODY, a_repository),
    "repository_read": Expected(NOBODY, ADMIN_CHANGES, a_repository),
    "notifications": Expected(SIGNED_IN, NOBODY),
    "read_notifications": Expected(NOBODY, "302 302* 302 302* 302 302"),
    "open_notification": Expected(NOBODY, "302 302* 404 404 404 404", lambda scene: [scene.notification.pk]),
    "trail": Expected(OVERSIGHT, NOBODY),
    "trail_event": Expected(OVERSIGHT, NOBODY, lambda scene: [scene.event.seq]),
    "trail_pack": Expected(OVERSIGHT, NOBODY, a_stored_pack),
    "trail_verifier": Expected(OVERSIGHT, NOBODY),
    "home": Expected(SIGNED_IN, NOBODY),
    "get_access": Expected("302 200 200 200 403 403", NOBODY),
    "request_form": Expected(
        "302 200 200 200 403 403", "302 302* 302* 302* 403 403", lambda scene: ["clone-and-pull"], ASK
    ),
    "request_exactly": Expected(
        "302 200 200 200 403 403", "302 302* 302* 302* 403 403", form=ASK, query="used_by=person&task=create-webhook"
    ),
    "advise": Expected(SIGNED_IN, NOBODY),
    "advise_tools": Expected(SIGNED_IN, NOBODY),
    "advise_tool": Expected(SIGNED_IN, NOBODY, lambda scene: ["renovate"]),
    "advise_calls": Expected(SIGNED_IN, SIGNED_IN, form={"text": "git push", "used_by": "person"}),
    "api:scopes": Expected(NOBODY, API, form={"text": "git push"}, as_json=True),
    "api:diagnose": Expected(NOBODY, API, form={"text": "fatal: Authentication failed"}, as_json=True),
    "api:offboardings": Expected(NOBODY, WITH_A_TOKEN, form={"account_id": "712020:lee"}, as_json=True),
    "api:offboarding": Expected(WITH_A_TOKEN, NOBODY, lambda scene: [1]),
    "api:openapi-json": Expected(SIGNED_IN, NOBODY),
    "api:api-root": Expected(NOTHING_THERE, NOTHING_THERE),
    "requests": Expected(SIGNED_IN, NOBODY),
    "request": Expected("302 200 404 200 200 200", NOBODY, lambda scene: [scene.pending.code]),
    "withdraw": Expected(NOBODY, "302 302* 404 302 302 302", lambda scene: [scene.pending.code]),
    "approve": Expected(NOBODY, APPROVER_CHANGES, lambda scene: [scene.pending.code]),
    "deny": Expected(NOBODY, APPROVER_CHANGES, lambda scene: [scene.pending.code], WHY),
    "look": Expected(NOBODY, APPROVER_CHANGES, lambda scene: [scene.looked.code]),
    "makers_again": Expected(NOBODY, "302 302* 404 403 302* 403", a_request_to_make),
    "create": Expected(
        OWNER_READS,
        "302 422 404 404 403 403",
        lambda scene: [scene.approved.code],
        {"email": "emma@acme.test", "secret": "no token at all"},
    ),
    "verification": Expected(OWNER_READS, NOBODY, lambda scene: [scene.approved.code, scene.check.pk]),
    "accept_smaller": Expected(NOBODY, OWNER_CHANGES, lambda scene: [scene.approved.code, scene.check.pk]),
    "check": Expected(
        "302 200 200 200 403 403",
        "302 422 422 422 403 403",
        form={"kind": "api_token", "email": "emma@acme.test", "secret": "no token at all"},
    ),
    "approvals": Expected("302 403 403 200 403 403", NOBODY),
    "credentials": Expected(OVERSIGHT, NOBODY),
    "credentials_export": Expected(OVERSIGHT, NOBODY),
    # Without the number of something that was done it leads back to the list.
    "credentials_bulk": Expected("302 403 403 403 302 302", ADMIN_CHANGES, form={**WHY, **BULK}),
    "credential": Expected("302 200 404 404 200 200", NOBODY, lambda scene: [scene.active.pk]),
    "credential_use": Expected("302 200 404 404 404 404", NOBODY, lambda scene: [scene.active.pk]),
    "credential_revoke": Expected(NOBODY, "302 302* 404 404 302* 302", lambda scene: [scene.active.pk], WHY),
    "credential_lost": Expected(NOBODY, OWNER_CHANGES, lambda scene: [scene.active.pk]),
    # No key is added for it.
    "request_add_key": Expected(NOBODY, "302 404 404 404 404 404", lambda scene: [scene.pending.code]),
    "credential_rotate": Expected("302 200 404 404 403 403", "302 422 404 404 403 403", a_key, {"public_key": "x"}),
    "credential_note": Expected(NOBODY, "302 302 404 404 302 302", lambda scene: [scene.active.pk], WORDS),
    "machines": Expected(OVERSIGHT, NOBODY),
    "credential_choose": Expected(NOBODY, ADMIN_CHANGES, lambda scene: [scene.stuck.pk], {"entry": "entry-1"}),
    "credential_present": Expected(NOBODY, "302 422 404 404 422 404", an_access_token, {"secret": "no token at all"}),
    "credential_attest": Expected(NOBODY, ADMIN_CHANGES, lambda scene: [scene.stuck.pk], {"words": "Aria looked"}),
    "inventory": Expected(OVERSIGHT, NOBODY),
    "inventory_runs": Expected(OVERSIGHT, NOBODY),
    "inventory_run": Expected(OVERSIGHT, NOBODY, lambda scene: [scene.run.pk]),
    "inventory_start": Expected(NOBODY, ADMIN_CHANGES, form={"mode": "lists"}),
    "inventory_stop": Expected(NOBODY, ADMIN_CHANGES, lambda scene: [scene.run.pk]),
    "inventory_setup": Expected(OVERSIGHT, NOBODY),
    "inventory_probe": Expected(NOBODY, ADMIN_CHANGES),
    "findings": Expected(OVERSIGHT, NOBODY),
    "findings_ask": Expected("302 403 403 403 200 403", ADMIN_CHANGES, form={"findings": "2"}),
    "finding": Expected("302 200 404 404 200 200", NOBODY, lambda scene: [scene.found.finding.pk]),
    "finding_ask": Expected(NOBODY, ADMIN_CHANGES, lambda scene: [scene.found.finding.pk]),
    "finding_explain": Expected(NOBODY, "302 302 404 404 302 403", lambda scene: [scene.found.finding.pk], BECAUSE),
    "finding_accept": Expected(NOBODY, ADMIN_CHANGES, lambda scene: [scene.found.finding.pk], ACCEPT),
    "finding_confirm": Expected(NOBODY, ADMIN_CHANGES, lambda scene: [scene.found.waiting.pk]),
    "finding_decline": Expected(NOBODY, ADMIN_CHANGES, lambda scene: [scene.found.waiting.pk], BECAUSE),
    "finding_end_acceptance": Expected(NOBODY, ADMIN_CHANGES, lambda scene: [scene.found.accepted.pk], BECAUSE),
    "unknown_product": Expected(OVERSIGHT, NOBODY),
    "unknown_product_ask": Expected(NOBODY, ADMIN_CHANGES, lambda scene: ["712020:emma"]),
    "declare": Expected(SIGNED_IN, NOBODY),
    "declare_answer": Expected(NOBODY, "302 422 422 422 422 422"),
    "declare_register": Expected("302 302 404 404 403 403", NOBODY, lambda scene: [scene.found.token.pk]),
    "templates": Expected(OVERSIGHT, NOBODY),
    "template": Expected(OVERSIGHT, NOBODY, lambda scene: ["clone-and-pull"]),
    "template_version": Expected(SIGNED_IN, NOBODY, lambda scene: ["clone-and-pull", 1]),
    "template_compare": Expected(OVERSIGHT, NOBODY, lambda scene: ["clone-and-pull"]),
    "template_new": Expected("302 403 403 403 200 403", "302 403 403 403 422 403"),
    "template_edit": Expected("302 403 403 403 200 403", "302 403 403 403 422 403", lambda scene: ["clone-and-pull"]),
    "template_lint": Expected(NOBODY, "302 403 403 403 200 403"),
    "template_publish": Expected(NOBODY, ADMIN_CHANGES, form=NEW_TEMPLATE),
    "template_retire": Expected(NOBODY, ADMIN_CHANGES, lambda scene: ["clone-and-pull"], WHY),
    "template_restore": Expected(NOBODY, ADMIN_CHANGES, lambda scene: ["gitops-reader"]),
    "proposal_dismiss": Expected(NOBODY, ADMIN_CHANGES, lambda scene: ["asked-for"]),
    "diagnose": Expected(SIGNED_IN, SIGNED_IN, form={"text": "fatal: Authentication failed"}),
    "offboardings": Expected(OVERSIGHT, NOBODY),
    "plan_new": Expected(ADMIN_READS, ADMIN_CHANGES, form={"reference": "HR-7"}, query="person=712020:aria"),
    "plan_many": Expected(ADMIN_READS, "302 403 403 403 200* 403", form={"text": "email\nlee@acme.test\n"}),
    "plan": Expected(OVERSIGHT, NOBODY, lambda scene: [scene.leaving.running.pk]),
    "plan_change": Expected(NOBODY, ADMIN_CHANGES, lambda scene: [scene.leaving.draft.pk], form={"reference": "HR-8"}),
    "plan_rehearse": Expected(NOBODY, ADMIN_CHANGES, lambda scene: [scene.leaving.draft.pk]),
    "plan_start": Expected(NOBODY, ADMIN_CHANGES, lambda scene: [scene.leaving.draft.pk]),
    "plan_confirm": Expected(
        NOBODY, ADMIN_CHANGES, lambda scene: [scene.leaving.waiting.plan_id, scene.leaving.waiting.pk]
    ),
    "plan_stop": Expected(NOBODY, ADMIN_CHANGES, lambda scene: [scene.leaving.running.pk], BECAUSE),
    "plan_resume": Expected(NOBODY, ADMIN_CHANGES, lambda scene: [scene.leaving.stopped.pk]),
    "plan_release": Expected(NOBODY, ADMIN_CHANGES, lambda scene: [scene.leaving.running.pk], BECAUSE),
    "plan_cancel": Expected(NOBODY, ADMIN_CHANGES, lambda scene: [scene.leaving.running.pk], BECAUSE),
    "plan_report": Expected(OVERSIGHT, NOBODY, lambda scene: [scene.leaving.running.pk]),
    "plan_pack": Expected(NOBODY, ADMIN_CHANGES, lambda scene: [scene.leaving.running.pk]),
    "plan_steps": Expected(OVERSIGHT, NOBODY, lambda scene: [scene.leaving.running.pk]),
    "plan_step": Expected(OVERSIGHT, NOBODY, lambda scene: scene.leaving.of(scene.leaving.key)),
    "step_retry": Expected(NOBODY, ADMIN_CHANGES, lambda scene: scene.leaving.of(scene.leaving.stuck)),
    "step_attest": Expected(NOBODY, ADMIN_CHANGES, lambda scene: scene.leaving.of(scene.leaving.stuck), WORDS),
    "step_skip": Expected(NOBODY, ADMIN_CHANGES, lambda scene: scene.leaving.of(scene.leaving.task), BECAUSE),
    "step_force": Expected(NOBODY, ADMIN_CHANGES, lambda scene: scene.leaving.of(scene.leaving.stuck), BECAUSE),
    "step_confirm": Expected(
        NOBODY, ADMIN_CHANGES, lambda scene: [*scene.leaving.of(scene.leaving.key), scene.leaving.forced.pk]
    ),
    "step_assign": Expected(
        NOBODY, ADMIN_CHANGES, lambda scene: [*scene.leaving.of(scene.leaving.task), "712020:aria"]
    ),
    "step_decide": Expected(NOBODY, ADMIN_CHANGES, lambda scene: scene.leaving.of(scene.leaving.key), DECISION),
    "item_assign": Expected(
        NOBODY,
        ADMIN_CHANGES,
        lambda scene: [*scene.leaving.of(scene.leaving.place.step), scene.leaving.place.pk],
        {"owner": "aria@acme.test"},
    ),
    "item_attest": Expected(
        NOBODY,
        ADMIN_CHANGES,
        lambda scene: [*scene.leaving.of(scene.leaving.place.step), scene.leaving.place.pk],
        WORDS,
    ),
    "tasks": Expected(SIGNED_IN, NOBODY),
    "task": Expected("302 200 404 404 200 200", NOBODY, lambda scene: [scene.leaving.task.pk]),
    "task_attest": Expected(NOBODY, TASK_CHANGES, lambda scene: [scene.leaving.task.pk], WORDS),
    "task_item": Expected(
        NOBODY, TASK_CHANGES, lambda scene: [scene.leaving.place.step_id, scene.leaving.place.pk], WORDS
    ),
}
