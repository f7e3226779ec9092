"""Narrowing the list of repositories."""

from typing import Any

from django import forms

from accounts.models import Workspace
from tokens.inventory.repository_list import Wanted
from tokens.models import Project

PROJECTS_OFFERED = 500


class RepositoryFilterForm(forms.Form):
    """Name, project, workspace. Values that make no sense narrow nothing."""

    q = forms.CharField(label="Name", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"}))
    project = forms.TypedChoiceField(label="Project", required=False, coerce=int, empty_value=None)
    workspace = forms.TypedChoiceField(label="Workspace", required=False, coerce=int, empty_value=None)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        projects = Project.objects.filter(gone_at=None).order_by("name", "key").only("pk", "name", "key")
        workspaces = Workspace.objects.order_by("name", "slug")
        self._offer("project", [(row.pk, str(row)) for row in projects[:PROJECTS_OFFERED]])
        self._offer("workspace", [(row.pk, str(row)) for row in workspaces])

    def _offer(self, name: str, rows: list[tuple[int, str]]) -> None:
        if name == "workspace" and len(rows) < 2:  # noqa: PLR2004, RUF100 - one is no choice
            del self.fields[name]
            return
        field = self.fields[name]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "All"), *((str(pk), words) for pk, words in rows)]

    def wanted(self) -> Wanted:
        """What the address asks for."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        return Wanted(q=data.get("q", "").strip(), project=data.get("project"), workspace=data.get("workspace"))
