"""What a message starts: shells around the runner and the sweeper."""

from celery import shared_task

from workqueue import runner, sweeper


@shared_task(name="workqueue.run")
def run(job_id: int) -> None:
    """Do one attempt at a job if it is due."""
    runner.run(job_id)


@shared_task(name="workqueue.sweep")
def sweep() -> None:
    """Ring for what is due and take back what was lost."""
    sweeper.sweep()
