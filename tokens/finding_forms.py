"""What people type about findings and found credentials."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from tokens.catalogue.model import RISK_LEVELS
from tokens.finding_filters import AGES, ORDERS, STATUSES, Wanted
from tokens.forms import PlainTextField, WordedLabel
from tokens.models import Answer, Credential, FindingAction, FindingKind
from tokens.operations.acceptances import LONGEST_DAYS
from tokens.operations.answers import why_it_is_bitbuckets


def _any(label: str, choices: Iterable[tuple[Any, str]], first: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", first), *choices])


class FindingFilterForm(forms.Form):
    """The filter bar."""

    q = PlainTextField(
        label="Search",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name, holder or code"}),
    )
    status = _any("Status", [item for item in STATUSES.items() if item[0] != "open"], STATUSES["open"])
    kind = _any("What", FindingKind.choices, "Everything")
    risk = _any("Risk", [(level, level.capitalize()) for level in reversed(RISK_LEVELS)], "Any risk")
    action = _any("Next action", FindingAction.choices, "Any action")
    older_than = _any("Older than", AGES.items(), "Any age")
    person = forms.CharField(label="Person", max_length=100, required=False, strip=True)
    order = _any("Order", [("riskiest", ORDERS["riskiest"])], ORDERS["oldest"])

    def wanted(self) -> Wanted:
        """What is asked for; a value that makes no sense asks for nothing."""
        self.is_valid()
        data = self.cleaned_data
        return Wanted(
            q=data.get("q", ""),
            kind=data.get("kind", ""),
            risk=data.get("risk", ""),
            action=data.get("action", ""),
            person=data.get("person", ""),
            older_than=int(data.get("older_than") or 0),
            status=data.get("status") or "open",
            order=data.get("order") or "oldest",
        )


class AcceptForm(forms.Form):
    """Until when, and why."""

    until = forms.DateField(
        label="Accept it until",
        help_text="At most a year from now. On the day after, the finding is open again.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    because = PlainTextField(
        label="Why is that all right?",
        help_text="The sentence stays with the finding and in the trail.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        today = timezone.now().date()
        first, last = today + timedelta(days=1), today + timedelta(days=LONGEST_DAYS)
        self.fields["until"].widget.attrs.update(min=first.isoformat(), max=last.isoformat())


class BecauseForm(forms.Form):
    """A sentence for saying no, or for ending something early."""

    because = PlainTextField(label="Why?", widget=forms.Textarea(attrs={"rows": 2}))


_ANSWERS = {
    Answer.USES: "Say below for what; the next page helps to register it.",
    Answer.NOT_BITBUCKET: "It is left alone, and nobody asks about it again.",
    Answer.DELETE: "It is deleted at Atlassian as soon as you send this, and what uses it stops working.",
    Answer.NOT_MINE: "An admin looks into it soon: somebody else may have made it.",
}
_DELETE_UNKNOWN = "It is deleted at Atlassian as soon as you send this. If Jira or Confluence use it, they stop too."
_DELETE_BY_HAND = "An admin is told to delete it at Bitbucket by hand."


class AnswerForm(forms.Form):
    """What one found credential is for; left empty it stays open."""

    answer = forms.ChoiceField(label="What is it for?", required=False, widget=forms.RadioSelect)
    words = PlainTextField(label="What do you use it for, or what should an admin know?", required=False)

    def __init__(self, *args: Any, credential: Credential, **options: Any) -> None:
        options["prefix"] = f"c{credential.pk}"
        options.setdefault("initial", {"answer": credential.answer, "words": credential.answer_words})
        super().__init__(*args, **options)
        self.credential = credential
        field = self.fields["answer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(answer.value, WordedLabel(answer.label, words)) for answer, words in self._offered()]

    def _offered(self) -> list[tuple[Answer, str]]:
        words = dict(_ANSWERS)
        if self.credential.kind != "api_token":
            words[Answer.DELETE] = _DELETE_BY_HAND
        elif not why_it_is_bitbuckets(self.credential):
            words[Answer.DELETE] = _DELETE_UNKNOWN
        if why_it_is_bitbuckets(self.credential):
            del words[Answer.NOT_BITBUCKET]
        return list(words.items())

    def clean(self) -> dict[str, Any]:
        """ "I use it" wants a sentence."""
        data = super().clean() or {}
        if data.get("answer") == Answer.USES and not str(data.get("words", "")).strip() and "words" not in self.errors:
            self.add_error("words", ValidationError("Say what you use it for: one sentence is enough."))
        return data

    @property
    def is_answered(self) -> bool:
        """Whether a valid form says something that it did not say before."""
        return bool(self.cleaned_data.get("answer")) and self.has_changed()
