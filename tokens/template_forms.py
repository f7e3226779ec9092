"""The form in which a template is written. It only parses; whether a draft may be published, the linter says."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from tokens.catalogue.data import KIND_BY_SLUG
from tokens.catalogue.linter import OFFERED_KINDS, LintMessage, TemplateDraft
from tokens.catalogue.linter.words import (
    GUIDANCE_LENGTH,
    JUSTIFICATION_LENGTH,
    MOST_TASKS,
    NAME_LENGTH,
    PURPOSE_LENGTH,
    SLUG_LENGTH,
    TASK_LENGTH,
)
from tokens.forms import PlainTextField
from tokens.models import TemplateVersion
from tokens.models.template import ApprovalRule
from tokens.operations.templates.publishing import NOTE_LENGTH
from tokens.template_comparison import draft_from_version
from tokens.template_picker import BUNDLES, SINGLE_SCOPES

KIND_CHOICES: Final = [(kind, KIND_BY_SLUG[kind].name) for kind in OFFERED_KINDS]
_LINES: Final = forms.Textarea(attrs={"rows": 3})


_BLANK: Final = TemplateDraft("", "", "", scopes=(), kinds=("api_token",), max_days=90, rule=ApprovalRule.APPROVERS)


class TemplateForm(forms.Form):
    """One template, all of it.

    Args:
        base: the version that is changed; none for a new template.
        draft: what a new template starts from.
        proposal: the slug of the custom set that it takes over.
    """

    use_required_attribute = False

    slug = forms.CharField(
        label="Short name",
        max_length=SLUG_LENGTH,
        help_text="For addresses and files, such as nightly-report. It cannot be changed later.",
    )
    name = PlainTextField(label="Name", max_length=NAME_LENGTH)
    purpose = PlainTextField(
        label="Purpose", max_length=PURPOSE_LENGTH, help_text="One line. People pick a template by it."
    )
    tasks = PlainTextField(
        label="What somebody does with it",
        required=False,
        max_length=(TASK_LENGTH + 2) * MOST_TASKS,
        help_text="One task a line, for example: Clone a repository",
        widget=_LINES,
    )
    levels = forms.MultipleChoiceField(required=False, choices=[(value, value) for value in BUNDLES])
    scopes = forms.MultipleChoiceField(required=False, choices=[(scope.name, scope.name) for scope in SINGLE_SCOPES])
    kinds = forms.MultipleChoiceField(
        label="What it may be issued as", choices=KIND_CHOICES, widget=forms.CheckboxSelectMultiple
    )
    first_kind = forms.ChoiceField(
        label="Which of these first?",
        required=False,
        choices=[("", "As they stand above"), *KIND_CHOICES],
        help_text="The kind that is offered before the others.",
    )
    machine_kinds = forms.MultipleChoiceField(
        label="Only for a machine",
        required=False,
        choices=KIND_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        help_text="Of the kinds above, those that a person does not get.",
    )
    used_by_machine = forms.BooleanField(label="A machine uses it, nobody watches each use", required=False)
    deputy_required = forms.BooleanField(label="A deputy must be named", required=False)
    max_days = forms.IntegerField(label="Longest life, in days", help_text="At most 365.")
    rule = forms.ChoiceField(label="Who decides", choices=ApprovalRule.choices)
    guidance = PlainTextField(
        label="Guidance",
        required=False,
        max_length=GUIDANCE_LENGTH,
        help_text="What its holder should know, and what an access token would open besides.",
        widget=_LINES,
    )
    justification = PlainTextField(
        label="Reason",
        required=False,
        max_length=JUSTIFICATION_LENGTH,
        help_text="Why it has to administer, delete or make credentials. Leave it empty where it does not.",
    )
    change_note = PlainTextField(
        label="What is new, and why?",
        max_length=NOTE_LENGTH,
        help_text="One sentence. It stays beside this version.",
    )
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False)
    editing = forms.CharField(widget=forms.HiddenInput, required=False)
    proposal = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        base: TemplateVersion | None = None,
        draft: TemplateDraft | None = None,
        proposal: str = "",
    ) -> None:
        self.base = base
        self.start = draft or (draft_from_version(base) if base is not None else _BLANK)
        super().__init__(data, initial={**_initial(self.start, base), "proposal": proposal})
        del self.fields["change_note" if base is None else "slug"]

    @property
    def draft(self) -> TemplateDraft:
        """What the form holds as a draft, whether it is valid or not."""
        if not self.is_bound:
            return self.start
        levels = [value for value in self._list("levels") if value in BUNDLES]
        scopes = {name for value in levels for name in BUNDLES[value]} | set(self._list("scopes"))
        return TemplateDraft(
            slug=self.base.template.slug if self.base else self._text("slug"),
            name=self._text("name"),
            purpose=self._text("purpose"),
            scopes=tuple(sorted(scopes)),
            kinds=self._kinds(),
            max_days=self._days(),
            rule=self._text("rule"),
            tasks=tuple(line.strip() for line in self._text("tasks").splitlines() if line.strip()),
            services_levels=tuple((service, level) for service, _, level in (v.partition(":") for v in levels)),
            machine_kinds=tuple(self._list("machine_kinds")),
            deputy_required=bool(self._text("deputy_required")),
            used_by_machine=bool(self._text("used_by_machine")),
            guidance=self._text("guidance"),
            justification=self._text("justification"),
        )

    def take_errors(self, messages: Sequence[LintMessage]) -> None:
        """Put the linter's errors beside their fields, where the field has not complained itself."""
        for message in messages:
            if message.level == "error":
                field = message.field if message.field in self.fields else None
                if field is None or field not in self.errors:
                    self.add_error(field, message.sentence)

    def _text(self, name: str) -> str:
        return str(self.data.get(name, "")).replace("\r\n", "\n").strip()

    def _list(self, name: str) -> list[str]:
        return [str(value) for value in self.data.getlist(name)] if hasattr(self.data, "getlist") else []

    def _days(self) -> int:
        text = self._text("max_days")
        return int(text) if text.isascii() and text.isdigit() and len(text) < len("10000") else 0

    def _kinds(self) -> tuple[str, ...]:
        """The kinds in the order they had before, new ones behind, and the preferred one in front of all."""
        chosen, first = self._list("kinds"), self._text("first_kind")
        before = [kind for kind in self.base.kinds if kind in chosen] if self.base else []
        ordered = dict.fromkeys([*([first] if first in chosen else []), *before, *chosen])
        return tuple(ordered)


def _initial(draft: TemplateDraft, base: TemplateVersion | None) -> dict[str, Any]:
    levels = [f"{service}:{level}" for service, level in draft.services_levels]
    brought = {name for value in levels for name in BUNDLES.get(value, ())}
    return {
        "slug": draft.slug,
        "name": draft.name,
        "purpose": draft.purpose,
        "tasks": "\n".join(draft.tasks),
        "levels": levels,
        "scopes": [name for name in draft.scopes if name not in brought],
        "kinds": list(draft.kinds),
        "first_kind": draft.kinds[0] if draft.kinds else "",
        "machine_kinds": list(draft.machine_kinds),
        "used_by_machine": draft.used_by_machine,
        "deputy_required": draft.deputy_required,
        "max_days": draft.max_days,
        "rule": draft.rule,
        "guidance": draft.guidance,
        "justification": draft.justification,
        "expected": base.number if base else 0,
        "editing": base.template.slug if base else "",
    }
