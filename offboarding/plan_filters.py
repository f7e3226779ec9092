"""How the list of plans can be narrowed."""

from typing import Final

SHOWN: Final = {
    "open": "Everything open",
    "needs-a-person": "Needs a person",
    "left-without-us": "Left without us",
    "drafts": "Drafts",
    "scheduled": "Scheduled",
    "running": "Running",
    "waiting": "Waiting",
    "completed": "Completed",
    "cancelled": "Cancelled",
}
