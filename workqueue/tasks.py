"""What a message starts: shells around the runner and the sweeper.

A message is acknowledged before its work starts. The row is what survives a lost worker, so a late acknowledgement
would win nothing; and one that finds Redis gone raises what Celery 5.7 takes for unrecoverable, which ends the worker.
"""

from celery import shared_task

from workqueue import runner, sweeper


@shared_task(name="workqueue.run", acks_late=False)
def run(job_id: int) -> None:
    """Do one attempt at a job if it is due."""
    runner.run(job_id)


@shared_task(name="workqueue.sweep", acks_late=False)
def sweep() -> None:
    """Ring for what is due and take back what was lost."""
    sweeper.sweep()
