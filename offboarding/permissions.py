"""The permissions of this room, by the names that roles give them under."""

from typing import Final

VIEW: Final = "offboarding.view_plan"
PLAN: Final = "offboarding.plan"
RUN: Final = "offboarding.run_plan"
FORCE: Final = "offboarding.force_close"
