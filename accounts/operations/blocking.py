"""Shutting somebody out of the portal, and letting them back in. Call these inside the transaction that records why."""

from django.db import transaction
from django.utils import timezone

from accounts.models import Person, User
from accounts.operations.sessions import end_all_sessions


def block_person(person: Person) -> None:
    """End every session and let nobody in with this account; who is blocked already stays so since then.

    Args:
        person: locked by the caller.

    Raises:
        TransactionManagementError: there is no transaction.
    """
    _require_transaction()
    if person.blocked_at is None:
        person.blocked_at = timezone.now()
        person.save(update_fields=["blocked_at"])
    user = User.objects.filter(person=person).first()
    if user is not None:
        end_all_sessions(user)


def unblock_person(person: Person) -> None:
    """Let somebody in again: they stay.

    Args:
        person: locked by the caller.

    Raises:
        TransactionManagementError: there is no transaction.
    """
    _require_transaction()
    person.blocked_at = None
    person.save(update_fields=["blocked_at"])


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("Somebody is shut out in the transaction that says why.")
