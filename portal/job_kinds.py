"""Which code runs which kind of job, on which queue, and what beat rings when."""

from typing import TypedDict


class JobKind(TypedDict, total=False):
    """How one kind of job runs.

    Attributes:
        run: dotted path of its handler.
        queue: ``default``, ``revoke`` or ``cut``; only worker-revoke reads the latter two, ``cut`` first.
        gave_up: dotted path called when the job is given up.
        lease_seconds: how long a worker may hold it before another one takes over.
        give_up_hours: wall time of retries before a person is asked.
        first_pause_seconds: pause after the first failed attempt.
        drains: one bell works through what is due of this kind, for a while; for kinds with thousands of small rows.
        ran_dry: dotted path called without arguments when such a bell found nothing left to do.
        forget_after_hours: rows that ended well, were refused or skipped are deleted after that; absent: kept.
    """

    run: str
    queue: str
    gave_up: str
    lease_seconds: int
    give_up_hours: int
    first_pause_seconds: int
    drains: bool
    ran_dry: str
    forget_after_hours: int


JOB_KINDS: dict[str, JobKind] = {
    "send_notification": {"run": "accounts.jobs.send_notification", "queue": "default", "lease_seconds": 60},
    "bind_credential": {
        "run": "tokens.jobs.bind_credential",
        "gave_up": "tokens.jobs.binding_gave_up",
        "queue": "default",
        "lease_seconds": 60,
    },
    "count_reach": {
        "run": "tokens.jobs.count_reach",
        "queue": "default",
        "lease_seconds": 300,
        "give_up_hours": 1,
    },
    "read_makers": {
        "run": "tokens.jobs.read_makers",
        "gave_up": "tokens.jobs.makers_gave_up",
        "queue": "default",
        "lease_seconds": 120,
        "give_up_hours": 1,
    },
    "check_refused": {
        "run": "tokens.jobs.check_refused",
        "queue": "default",
        "lease_seconds": 60,
        "forget_after_hours": 48,
    },
    "probe_listing": {
        "run": "tokens.jobs.probe_listing",
        "queue": "default",
        "lease_seconds": 60,
        "give_up_hours": 1,
        "forget_after_hours": 48,
    },
    "probe_deletion": {
        "run": "tokens.jobs.probe_deletion",
        "queue": "revoke",
        "lease_seconds": 60,
        "give_up_hours": 1,
        "forget_after_hours": 48,
    },
    "probe_setup": {
        "run": "tokens.jobs.probe_setup",
        "queue": "default",
        "lease_seconds": 300,
        "give_up_hours": 1,
        "forget_after_hours": 48,
    },
    "probe_setup_revoke": {
        "run": "tokens.jobs.probe_setup_revoke",
        "queue": "revoke",
        "lease_seconds": 300,
        "give_up_hours": 1,
        "forget_after_hours": 48,
    },
    "plan_reads": {
        "run": "tokens.jobs.plan_reads",
        "queue": "default",
        "lease_seconds": 120,
        "give_up_hours": 1,
        "forget_after_hours": 48,
    },
    "read_part": {
        "run": "tokens.jobs.read_part",
        "gave_up": "tokens.jobs.read_gave_up",
        "queue": "default",
        "lease_seconds": 300,
        "drains": True,
        "ran_dry": "tokens.jobs.ask_for_more",
        "forget_after_hours": 6,
    },
    # The newest reading of a person is kept: it says what could not be read. Asking again deletes the ones before it.
    "read_person": {
        "run": "tokens.jobs.read_person",
        "queue": "default",
        "lease_seconds": 600,
        "give_up_hours": 6,
    },
    "read_secrets": {
        "run": "tokens.jobs.read_secrets",
        "queue": "default",
        "lease_seconds": 120,
        "give_up_hours": 6,
        "drains": True,
        "forget_after_hours": 48,
    },
    "finish_sync": {
        "run": "tokens.jobs.finish_sync",
        "gave_up": "tokens.jobs.finish_gave_up",
        "queue": "default",
        "lease_seconds": 300,
        "give_up_hours": 1,
    },
    "radar": {
        "run": "tokens.jobs.radar",
        "queue": "default",
        "lease_seconds": 120,
        "give_up_hours": 1,
        "forget_after_hours": 48,
    },
    "register_listed": {
        "run": "tokens.jobs.register_listed",
        "queue": "default",
        "lease_seconds": 60,
        "give_up_hours": 6,
        "forget_after_hours": 48,
    },
    "evaluate_findings": {
        "run": "tokens.jobs.evaluate_findings",
        "queue": "default",
        "lease_seconds": 300,
        "give_up_hours": 1,
        "forget_after_hours": 48,
    },
    "revoke_credential": {
        "run": "tokens.jobs.revoke_credential",
        "gave_up": "tokens.jobs.revocation_gave_up",
        "queue": "revoke",
        "lease_seconds": 60,
    },
    "register_key": {
        "run": "tokens.jobs.register_key",
        "gave_up": "tokens.jobs.registration_gave_up",
        "queue": "revoke",
        "lease_seconds": 60,
    },
    "delete_key": {
        "run": "tokens.jobs.delete_key",
        "gave_up": "tokens.jobs.revocation_gave_up",
        "queue": "revoke",
        "lease_seconds": 60,
    },
    "watch_rotation": {
        "run": "tokens.jobs.watch_rotation",
        "queue": "default",
        "lease_seconds": 60,
        "give_up_hours": 1,
        "forget_after_hours": 48,
    },
    # Their rows stay: they are what keeps one from being told twice.
    "remind_key_end": {"run": "tokens.jobs.remind_key_end", "queue": "default", "lease_seconds": 60},
    "tell_of_rotation": {"run": "tokens.jobs.tell_rotation", "queue": "default", "lease_seconds": 60},
    # The cut of an offboarding: seconds count, and its steps look again soon after a failure.
    "offboard_end_access": {
        "run": "offboarding.jobs.only_a_person",
        "gave_up": "offboarding.jobs.step_gave_up",
        "queue": "default",
        "lease_seconds": 60,
    },
    "offboard_delete_tokens": {
        "run": "offboarding.jobs.delete_tokens",
        "gave_up": "offboarding.jobs.step_gave_up",
        "queue": "cut",
        "lease_seconds": 60,
        "first_pause_seconds": 2,
    },
    "offboard_switch_off": {
        "run": "offboarding.jobs.switch_off",
        "gave_up": "offboarding.jobs.step_gave_up",
        "queue": "cut",
        "lease_seconds": 60,
        "first_pause_seconds": 2,
    },
    "offboard_delete_late_tokens": {
        "run": "offboarding.jobs.delete_late_tokens",
        "gave_up": "offboarding.jobs.step_gave_up",
        "queue": "cut",
        "lease_seconds": 60,
        "first_pause_seconds": 2,
    },
    "offboard_read_rights": {
        "run": "offboarding.jobs.read_rights",
        "gave_up": "offboarding.jobs.step_gave_up",
        "queue": "revoke",
        "lease_seconds": 300,
    },
    "offboard_remove_grant": {
        "run": "offboarding.jobs.remove_grant",
        "gave_up": "offboarding.jobs.step_gave_up",
        "queue": "revoke",
        "lease_seconds": 60,
        "drains": True,
    },
    "offboard_deploy_key": {
        "run": "offboarding.jobs.deploy_key",
        "gave_up": "offboarding.jobs.step_gave_up",
        "queue": "revoke",
        "lease_seconds": 60,
    },
    "offboard_prove_rights": {
        "run": "offboarding.jobs.prove_rights",
        "gave_up": "offboarding.jobs.step_gave_up",
        "queue": "revoke",
        "lease_seconds": 300,
    },
    "offboard_membership": {
        "run": "offboarding.jobs.membership",
        "gave_up": "offboarding.jobs.step_gave_up",
        "queue": "revoke",
        "lease_seconds": 60,
    },
    "offboard_rotate": {
        "run": "offboarding.jobs.rotate",
        "gave_up": "offboarding.jobs.step_gave_up",
        "queue": "default",
        "lease_seconds": 300,
    },
    "offboard_access_token": {
        "run": "offboarding.jobs.only_a_person",
        "gave_up": "offboarding.jobs.step_gave_up",
        "queue": "default",
        "lease_seconds": 60,
    },
    "offboard_workspace_admin": {
        "run": "offboarding.jobs.only_a_person",
        "gave_up": "offboarding.jobs.step_gave_up",
        "queue": "default",
        "lease_seconds": 60,
    },
    "offboard_breaks": {
        "run": "offboarding.jobs.only_a_person",
        "gave_up": "offboarding.jobs.step_gave_up",
        "queue": "default",
        "lease_seconds": 60,
    },
    "offboard_recheck": {
        "run": "offboarding.jobs.recheck",
        "gave_up": "offboarding.jobs.step_gave_up",
        "queue": "revoke",
        "lease_seconds": 300,
    },
    "offboard_preview": {
        "run": "offboarding.jobs.preview",
        "queue": "default",
        "lease_seconds": 300,
        "give_up_hours": 1,
        "forget_after_hours": 48,
    },
    "offboard_rehearse": {
        "run": "offboarding.jobs.rehearse",
        "queue": "revoke",
        "lease_seconds": 120,
        "give_up_hours": 1,
        "forget_after_hours": 48,
    },
    "offboard_pack": {"run": "offboarding.jobs.pack", "queue": "default", "lease_seconds": 120, "give_up_hours": 1},
}

BEAT_SCHEDULE = {
    "workqueue-sweep": {"task": "workqueue.sweep", "schedule": 10.0},
    "tokens-tick": {"task": "tokens.tick", "schedule": 60.0},
    "offboarding-tick": {"task": "offboarding.tick", "schedule": 20.0},
}
