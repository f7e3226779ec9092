"""What comes through the HTTP API: one key, one body, one answer, however often it is sent."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from accounts.actors import Acting
from offboarding.models import Order, Origin
from offboarding.operations.many import plan_many
from offboarding.operations.planning import Channel


class OtherBody(Exception):
    """The key was used for something else; the text says so."""


def take_order(token_name: str, key: str, body: bytes) -> Order:
    """Find or write down what was sent under a key.

    Raises:
        OtherBody: something else was sent under it before.
    """
    digest = hashlib.sha256(body).hexdigest()
    order, _ = Order.objects.get_or_create(
        token_name=token_name, idempotency_key=key, defaults={"digest": digest, "asked_at": timezone.now()}
    )
    if order.digest != digest:
        raise OtherBody("This Idempotency-Key was used before, with another body. Send a new body under a new key.")
    return order


def carry_out(order: Order, rows: Sequence[Mapping[str, str]], *, acting_user: Acting) -> tuple[list[Any], bool]:
    """Plan each line of an order, unless that was done: then what was answered is answered again.

    A process that died between two lines does no harm: each line has a key of its own, so what was planned is found.

    Returns:
        The answers as plain JSON, and whether any plan is new.

    Raises:
        PermissionDenied: the actor may not plan at all.
    """
    if order.answered_at is not None:
        return order.answers, False
    channel = Channel(Origin.API, token_name=order.token_name, idempotency_key=f"order {order.pk}")
    answers = plan_many(rows, channel=channel, acting_user=acting_user)
    said = [answer.as_json() for answer in answers]
    # Sent twice at the same moment: the first answer stands.
    Order.objects.filter(pk=order.pk, answered_at=None).update(answers=said, answered_at=timezone.now())
    order.refresh_from_db()
    return order.answers, any(answer.is_new for answer in answers)
