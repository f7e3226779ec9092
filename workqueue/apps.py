"""The work queue: rows that are work, and the bell that is rung for them."""

from celery.signals import worker_init, worker_ready
from django.apps import AppConfig

from workqueue.broker_loss import leave_messages_behind
from workqueue.pacemaker import start_pacemaker


class WorkqueueConfig(AppConfig):
    """Django's entry for this room."""

    name = "workqueue"
    verbose_name = "Work queue"

    def ready(self) -> None:
        """Let workers live through the loss of Redis, and see to it that the sweeper runs while beat is dead."""
        worker_init.connect(leave_messages_behind, dispatch_uid="workqueue.broker_loss")
        worker_ready.connect(start_pacemaker, dispatch_uid="workqueue.pacemaker")
