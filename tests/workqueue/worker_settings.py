"""The portal's settings with the jobs of these tests and a faster sweep; for worker processes that tests start."""

from portal.settings import *  # noqa: F403
from tests.workqueue import kinds

globals()["JOB_KINDS"] = kinds.JOB_KINDS
SWEEP_SECONDS = kinds.SWEEP_SECONDS
