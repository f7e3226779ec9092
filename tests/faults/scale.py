"""How long things last here. Leases and sweeps are shortened so that the tests are done in minutes.

`FAULTS_REAL_TIMES=1` (`make bench-faults`) leaves every time as it is in production and kills a thousand times.
"""

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from portal.job_kinds import JobKind

IS_REAL = os.environ.get("FAULTS_REAL_TIMES") == "1"
# Longer than an attempt takes on a machine that does something else as well.
_LEASE_SECONDS = float(os.environ.get("FAULTS_LEASE_SECONDS", "5"))
SWEEP_SECONDS = 10.0 if IS_REAL else 0.5
LEASE_SECONDS = 60.0 if IS_REAL else _LEASE_SECONDS
OUTAGE_SECONDS = 60.0 if IS_REAL else 6.0
SEEDED_REVOCATIONS = 1_000 if IS_REAL else 50
# How long a test waits for what must happen. It says when a test gives up, not how fast the portal is.
PATIENCE_SECONDS = 300.0 if IS_REAL else 90.0
# A job is taken over when its lease has ended and a sweep came by.
TAKEN_OVER_WITHIN = 120.0


def shortened(kinds: Mapping[str, JobKind]) -> dict[str, JobKind]:
    """The kinds of job with leases that end soon; in real time as they are."""
    if IS_REAL:
        return dict(kinds)
    return {name: cast("JobKind", {**kind, "lease_seconds": _shorter(kind)}) for name, kind in kinds.items()}


def _shorter(kind: JobKind) -> float:
    return min(float(kind.get("lease_seconds", 60)), LEASE_SECONDS)


def beat(schedule: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Beat's schedule, with a sweep as often as the workers' own; in real time as it is."""
    return {
        name: {**entry, "schedule": SWEEP_SECONDS} if "sweep" in name and not IS_REAL else dict(entry)
        for name, entry in schedule.items()
    }


def clock_shift() -> timedelta:
    """How far this process's clock is ahead of the machine's."""
    return timedelta(seconds=float(os.environ.get("FAULTS_CLOCK_SECONDS", "0")))
