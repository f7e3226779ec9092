"""Counting by time in the database: which span a moment falls into, in one pass over the rows."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db.models import DateTimeField, Func, IntegerField, Value
from django.db.models.expressions import Combinable


def width_bucket(moment: str | Combinable, boundaries: Sequence[datetime]) -> Func:
    """How many of the boundaries a moment has reached: 0 before the first one, NULL for no moment at all.

    Args:
        moment: a column or an expression.
        boundaries: rising.
    """
    spans = Value(list(boundaries), output_field=ArrayField(DateTimeField()))
    return Func(moment, spans, function="width_bucket", output_field=IntegerField())
