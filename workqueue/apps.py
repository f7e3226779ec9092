"""The work queue: rows that are work, and the bell that is rung for them."""

from celery.signals import worker_ready
from django.apps import AppConfig

from workqueue.pacemaker import start_pacemaker


class WorkqueueConfig(AppConfig):
    """Django's entry for this room."""

    name = "workqueue"
    verbose_name = "Work queue"

    def ready(self) -> None:
        """Let every worker see to it that the sweeper runs, whether or not beat lives."""
        worker_ready.connect(start_pacemaker, dispatch_uid="workqueue.pacemaker")
