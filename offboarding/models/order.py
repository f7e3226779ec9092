"""What came through the HTTP API under one idempotency key, and what was answered."""

from django.db import models


class Order(models.Model):
    """One body sent under one key with one service token. Sent again, it is answered alike; another body is refused.

    ``digest`` is a SHA-256 of what was sent. ``answers`` stays empty until every line of it was dealt with.
    """

    token_name = models.CharField(max_length=100)
    idempotency_key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    # [{"line", "who", "answer", "plan", "words"}, …]
    answers = models.JSONField(default=list, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["token_name", "idempotency_key"], name="one_order_per_key")]

    def __str__(self) -> str:
        return f"order {self.pk}"
