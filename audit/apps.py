"""The audit room: what happened, append-only and chained."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Django's entry for this room."""

    name = "audit"
    verbose_name = "Audit trail"
