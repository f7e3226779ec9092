"""What this workspace and organisation let us do by machine, as a worker last saw it."""

from django.db import models


class Capability(models.Model):
    """One ability. The web process holds no key: it knows only what the workers wrote here."""

    class Name(models.TextChoices):
        LIST_TOKENS = "list_tokens", "Read the organisation's API tokens"
        DELETE_TOKENS = "delete_tokens", "Delete one person's API token"
        COUNT_REACH = "count_reach", "Count the repositories a person reaches"

    class Level(models.TextChoices):
        AUTOMATIC = "automatic", "Automatic"
        MANUAL = "manual", "By hand"
        UNKNOWN = "unknown", "Not known yet"

    name = models.CharField(max_length=30, choices=Name, unique=True)
    level = models.CharField(max_length=10, choices=Level, default=Level.UNKNOWN)
    reason = models.CharField(max_length=300, blank=True)
    observed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.level}"
