"""The Celery application. A message only rings; the row in ``workqueue`` is the work."""

import os

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")

# Publishing is bounded to about two seconds when Redis hangs: a view must answer, and the sweeper rings later.
_transport_options: dict[str, object] = {
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    "visibility_timeout": 300,
}
if settings.PORTAL_PROCESS == "worker-revoke":
    # Its queues are cut and revoke, in this order: nobody's clean-up makes another one's cut wait.
    _transport_options["queue_order_strategy"] = "priority"
if settings.PORTAL_PROCESS in ("web", "cli"):
    _transport_options["max_retries"] = 0

app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_transport_options=_transport_options,
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=2,
    result_backend=None,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    # A message is acknowledged when it arrives: the row is the truth, and the sweeper rings again. Acknowledging late
    # can end a worker that loses Redis in the middle of a task.
    task_acks_late=False,
    task_publish_retry=False,
    task_default_queue="default",
    task_time_limit=300,
    worker_disable_prefetch=True,
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    beat_schedule=settings.CELERY_BEAT_SCHEDULE,
    timezone="UTC",
)
app.autodiscover_tasks(["workqueue", "tokens", "offboarding"])


@setup_logging.connect
def _keep_our_logging(**_: object) -> None:
    """Celery leaves logging alone when somebody listens here; Django has configured it already."""
