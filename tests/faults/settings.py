"""The portal's settings for processes that these tests start: shorter leases, faster sweeps, a clock that may be wrong.

The clock is wrong for everything Python asks the time of day for in that process (``datetime.now``, ``time.time``),
its children included. The database's clock and the monotonic one stay right, as they would on such a machine.
"""

from datetime import UTC, datetime

import time_machine

from portal import job_kinds
from portal.settings import *  # noqa: F403
from tests.faults import scale

JOB_KINDS = scale.shortened(job_kinds.JOB_KINDS)
CELERY_BEAT_SCHEDULE = scale.beat(job_kinds.BEAT_SCHEDULE)
SWEEP_SECONDS = scale.SWEEP_SECONDS

if scale.clock_shift():
    time_machine.travel(datetime.now(UTC) + scale.clock_shift(), tick=True).start()
