"""Letting a worker read who can make an access token."""

from tokens.models import Makers, Request
from tokens.operations.change import Change
from workqueue.claims import enqueue


def ask_for_makers(request: Request, change: Change) -> None:
    """Ask for the admins of the place that this locked, approved request is for."""
    request.makers, request.makers_because = Makers.LOOKING, ""
    request.save(update_fields=["makers", "makers_because"])
    moment = int(change.at.timestamp())
    enqueue("read_makers", key=f"makers:{request.pk}:{moment}", payload={"request": request.pk})
