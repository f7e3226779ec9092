"""Which code runs which kind of job, on which queue, and what beat rings when."""

from typing import TypedDict


class JobKind(TypedDict, total=False):
    """How one kind of job runs.

    Attributes:
        run: dotted path of its handler.
        queue: ``default`` or ``revoke``; only worker-revoke reads the latter.
        gave_up: dotted path called when the job is given up.
        lease_seconds: how long a worker may hold it before another one takes over.
        give_up_hours: wall time of retries before a person is asked.
    """

    run: str
    queue: str
    gave_up: str
    lease_seconds: int
    give_up_hours: int


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
        "lease_seconds": 90,
        "give_up_hours": 1,
    },
    "check_refused": {"run": "tokens.jobs.check_refused", "queue": "default", "lease_seconds": 60},
    "probe_listing": {
        "run": "tokens.jobs.probe_listing",
        "queue": "default",
        "lease_seconds": 60,
        "give_up_hours": 1,
    },
    "probe_deletion": {
        "run": "tokens.jobs.probe_deletion",
        "queue": "revoke",
        "lease_seconds": 60,
        "give_up_hours": 1,
    },
    "revoke_credential": {
        "run": "tokens.jobs.revoke_credential",
        "gave_up": "tokens.jobs.revocation_gave_up",
        "queue": "revoke",
        "lease_seconds": 60,
    },
}

BEAT_SCHEDULE = {
    "workqueue-sweep": {"task": "workqueue.sweep", "schedule": 10.0},
    "tokens-tick": {"task": "tokens.tick", "schedule": 60.0},
}
