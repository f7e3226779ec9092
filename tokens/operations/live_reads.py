"""Asking for one person or one repository to be read again, out of turn."""

from django.db.models import QuerySet

from accounts.access import authorise
from accounts.actors import Acting, subject
from accounts.models import Person
from audit.tags import Tag
from audit.trail import Subject
from tokens.inventory.planning import ask_now
from tokens.models import Part, Repository
from tokens.operations.change import Change
from tokens.operations.secrets import secrets_job
from workqueue.claims import enqueue
from workqueue.models import END_STATES, Job

PERMISSION = "tokens.run_sync"
PERSON_JOB, SECRETS_JOB = "read_person", "read_secrets"


def jobs_of_person(person: Person) -> QuerySet[Job]:
    """The readings of one person: the newest, and what came before it while that one runs."""
    return Job.objects.filter(kind=PERSON_JOB, payload__person=person.pk).order_by("-pk")


def ask_for_person(person: Person, *, acting_user: Acting) -> Job:
    """Have one person's rights read now; where that is under way, it is the answer. The newest reading's answer stays.

    Raises:
        PermissionDenied: the actor may not.
    """
    authorise(acting_user, PERMISSION)
    with Change(acting_user) as change:
        locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        known = list(jobs_of_person(locked))
        running = next((job for job in known if job.state not in END_STATES), None)
        if running is not None:
            return running
        Job.objects.filter(pk__in=[job.pk for job in known[1:]]).delete()
        job = enqueue(PERSON_JOB, key=f"{locked.pk}:{change.at.isoformat()}", payload={"person": locked.pk})
        change.event(Tag.PERSON_READ_ASKED, subject(locked))
    return job


def ask_for_repository(repository: Repository, *, acting_user: Acting) -> int:
    """Have the grants, keys and pipelines of one repository read now.

    Returns:
        How many reads were handed out; those that wait already are not asked twice.

    Raises:
        PermissionDenied: the actor may not.
    """
    authorise(acting_user, PERMISSION)
    with Change(acting_user) as change:
        asked = ask_now(Part.objects.filter(repository=repository))
        key, payload = secrets_job(repository.pk, change.at)
        made = enqueue(SECRETS_JOB, key=key, payload=payload)
        asked += made.attempt == 0
        if asked:
            change.event(Tag.REPOSITORY_READ_ASKED, repository_subject(repository), reads=asked)
    return asked


def repository_subject(repository: Repository) -> Subject:
    """A repository as the trail names it."""
    return Subject("repository", str(repository.pk), repository.full_name)
