"""What people type in this room. Nothing that looks like a secret gets into a free text."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Person
from accounts.queries import colleague_with_email
from offboarding.models import KeyDecision, Plan
from offboarding.operations.planning import Wanted
from offboarding.plan_filters import SHOWN
from tokens.forms import PlainTextField, WordedLabel, refuse_secret

LARGEST_LIST = 262_144  # bytes of a list of people: some thousand lines
_FORMAT = "%Y-%m-%dT%H:%M"
_NOBODY = "Nobody with a seat in the workspace is known here under this address."


def _moment(label: str, help_text: str) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_FORMAT)
    return forms.DateTimeField(label=label, help_text=help_text, required=False, widget=widget)


class PlanForm(forms.Form):
    """What is said of a leaver. Times are UTC, whatever the browser's clock shows."""

    reference = PlainTextField(
        label="Reference",
        max_length=100,
        required=False,
        help_text="For example the ticket's number. It stands in the statement.",
    )
    leaves_at = _moment("Leaves at (UTC)", "When they stop working here. The minutes of the statement count from it.")
    reported_at = _moment("Reported at (UTC)", "When somebody told you. The minutes are counted from this as well.")
    starts_at = _moment(
        "Start by itself at (UTC)",
        "Not your local time. Leave it empty to start it by hand, on the next page or later.",
    )

    @classmethod
    def of_plan(cls, plan: Plan) -> "PlanForm":
        """The form as a plan would fill it."""
        return cls(initial={name: getattr(plan, name) for name in cls.base_fields})

    def clean_starts_at(self) -> datetime | None:
        """A time that has not passed."""
        at: datetime | None = self.cleaned_data["starts_at"]
        if at is not None and at <= timezone.now():
            raise ValidationError("This time has passed, in UTC. Leave it empty and choose “Cut now” on the plan.")
        return at.astimezone(UTC) if at else None

    def wanted(self) -> Wanted:
        """What a valid form says."""
        return Wanted(**self.cleaned_data)


class PlanFilterForm(forms.Form):
    """The list's filter bar."""

    q = PlainTextField(
        label="Search",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name, e-mail or reference"}),
    )
    show = forms.ChoiceField(label="Show", required=False, choices=list(SHOWN.items()))


class FindPersonForm(forms.Form):
    """Somebody to be found by name."""

    q = PlainTextField(
        label="Name or e-mail", max_length=100, required=False, widget=forms.TextInput(attrs={"type": "search"})
    )


class BecauseForm(forms.Form):
    """A sentence that stays."""

    because = PlainTextField(label="Why?", widget=forms.Textarea(attrs={"rows": 2}))


class WordsForm(forms.Form):
    """How somebody knows that something is done."""

    words = PlainTextField(
        label="How do you know that it is done?",
        max_length=500,
        help_text="What you did, where and when; or the address that shows it. Never a secret.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ColleagueField(forms.EmailField):
    """A colleague by their e-mail, not the leaver."""

    def __init__(self, *, leaver: Person | None = None, **options: Any) -> None:
        self.leaver = leaver
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        """The person behind it.

        Raises:
            ValidationError: nobody, or the leaver.
        """
        email = super().clean(value)
        if not email:
            return None
        found = colleague_with_email(email)
        if found is None:
            raise ValidationError(_NOBODY)
        if found == self.leaver:
            raise ValidationError("The leaver cannot take over what the leaver leaves behind.")
        return found


class OwnerForm(forms.Form):
    """Who answers for one place of the rotate list."""

    owner = ColleagueField(label="E-mail of who does it")

    def __init__(self, *args: Any, leaver: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["owner"]
        assert isinstance(field, ColleagueField)
        field.leaver = leaver


_DECISIONS = {
    KeyDecision.KEEP: "It goes on working, and somebody else answers for it.",
    KeyDecision.ROTATE: "Somebody makes a new key for the machine, then this one is deleted.",
    KeyDecision.DELETE: "Now. Every machine that uses it stops.",
}


class DecideKeyForm(forms.Form):
    """What becomes of a deploy key."""

    decision = forms.ChoiceField(
        label="What becomes of it?",
        choices=[(one.value, WordedLabel(one.label, words)) for one, words in _DECISIONS.items()],
        widget=forms.RadioSelect(attrs={"class": "cards"}),
    )
    new_owner = ColleagueField(
        label="Who answers for it from now on?",
        required=False,
        help_text="The e-mail of a colleague. Needed unless you delete it.",
    )
    because = PlainTextField(label="Why?", widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, leaver: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["new_owner"]
        assert isinstance(field, ColleagueField)
        field.leaver = leaver

    def clean(self) -> dict[str, Any]:
        """A key that lives on needs an owner."""
        data = super().clean() or {}
        lives_on = data.get("decision") in (KeyDecision.KEEP, KeyDecision.ROTATE)
        if lives_on and data.get("new_owner") is None and "new_owner" not in self.errors:
            self.add_error("new_owner", ValidationError("Name who answers for it from now on."))
        return data


class ManyForm(forms.Form):
    """A list of leavers, pasted or as a file."""

    text = forms.CharField(
        label="Paste the list",
        required=False,
        max_length=LARGEST_LIST,
        strip=False,
        validators=[refuse_secret],
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "mono"}),
    )
    file = forms.FileField(
        label="Or choose a CSV file",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two, readable."""
        data = super().clean() or {}
        file = data.get("file")
        if file is not None:
            data["text"] = self._text_of(file)
        if not str(data.get("text") or "").strip() and not self.errors:
            raise ValidationError("Paste a list or choose a file.")
        return data

    def _text_of(self, file: Any) -> str:
        if file.size > LARGEST_LIST:
            self.add_error("file", ValidationError("The file is too long. Split it, some thousand lines at a time."))
            return ""
        try:
            text: str = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", ValidationError("The file is no UTF-8 text. Save it as “CSV UTF-8”."))
            return ""
        try:
            refuse_secret(text)
        except ValidationError as problem:
            self.add_error("file", problem)
            return ""
        return text
