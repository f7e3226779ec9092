"""Who may do what where, as Bitbucket said it at a time."""

from django.db import models
from django.db.models import Q

from accounts.models import Person
from tokens.models.place import Project, Repository


class Grant(models.Model):
    """One explicit right of a person or a group on one repository or project.

    A row lives while complete reads show it; ``gone_at`` is when the first complete read lacked it. ``permission`` is
    Bitbucket's word: read, write, create-repo or admin.
    """

    repository = models.ForeignKey(Repository, on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    group_slug = models.CharField(max_length=255, blank=True)
    group_name = models.CharField(max_length=255, blank=True)
    permission = models.CharField(max_length=20)
    first_seen_at = models.DateTimeField()
    observed_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(repository__isnull=True, project__isnull=False)
                | Q(repository__isnull=False, project__isnull=True),
                name="grant_is_on_one_place",
            ),
            models.CheckConstraint(
                condition=(Q(person__isnull=False) & Q(group_slug="")) | (Q(person__isnull=True) & ~Q(group_slug="")),
                name="grant_is_of_person_or_group",
            ),
            models.UniqueConstraint(
                fields=["repository", "project", "person", "group_slug"],
                condition=Q(gone_at=None),
                nulls_distinct=False,
                name="one_living_grant_per_place_and_subject",
            ),
        ]
        indexes = [
            models.Index(fields=["person"], condition=Q(gone_at=None), name="grant_of_person"),
            models.Index(fields=["group_slug"], condition=Q(gone_at=None), name="grant_of_group"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id or self.group_slug}: {self.permission}"


class EffectiveRight(models.Model):
    """What a person may really do in a repository, own grants and groups mixed; read on demand, per person.

    A complete read replaces all rows of the person in that workspace.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="effective_rights")
    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="effective_rights")
    permission = models.CharField(max_length=20)
    observed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person", "repository"], name="one_right_per_repository")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.repository_id}: {self.permission}"
