"""What stands around the list: how many match, and the templates and workspaces to choose from. One query for all."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from accounts.models import Workspace
from tokens.inventory.filters import Filter, credentials_matching
from tokens.inventory.listing import bounded
from tokens.models import Template, TemplateVersion

Choices = list[tuple[str, str]]
_SQL = """
SELECT 'total', count(*)::text, '' FROM ({}) AS found
UNION ALL SELECT 'template', slug, words FROM ({}) AS templates (slug, words)
UNION ALL SELECT 'workspace', id::text, words FROM ({}) AS workspaces (id, words)
"""


@dataclass(frozen=True)
class Surroundings:
    """Counted up to ``COUNTED_UP_TO`` and one more; choices are (value, words) in the order of their words."""

    total: int
    templates: Choices
    workspaces: Choices


def surroundings(wanted: Filter) -> Surroundings:
    """Everything around the rows of a filter."""
    parts = [
        _compiled(bounded(credentials_matching(wanted)).values("pk")),
        _compiled(_templates()),
        _compiled(_workspaces()),
    ]
    texts, values = zip(*parts, strict=True)
    with connection.cursor() as cursor:
        # The texts are Django's own; every value stands in the parameters.
        cursor.execute(_SQL.format(*texts), [value for each in values for value in each])  # nosec B608
        rows = cursor.fetchall()
    choices = {kind: sorted(_of(rows, kind), key=lambda pair: pair[1].lower()) for kind in ("template", "workspace")}
    return Surroundings(int(rows[0][1]), choices["template"], choices["workspace"])


def _of(rows: list[tuple[str, str, str]], kind: str) -> Choices:
    return [(value, words) for each, value, words in rows if each == kind]


def _templates() -> "QuerySet[Template, Any]":
    newest = TemplateVersion.objects.filter(template=OuterRef("pk")).order_by("-number").values("name")[:1]
    return Template.objects.filter(is_custom=False).annotate(words=Subquery(newest)).values_list("slug", "words")


def _workspaces() -> "QuerySet[Workspace, Any]":
    return Workspace.objects.annotate(words=Coalesce(NullIf("name", Value("")), "slug")).values_list("pk", "words")


def _compiled(rows: "QuerySet[Any, Any]") -> tuple[str, tuple[object, ...]]:
    return rows.query.sql_with_params()
