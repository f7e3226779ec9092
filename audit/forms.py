"""The trail's filter bar."""

from datetime import UTC, date, datetime, time, timedelta

from django import forms

from audit.queries import Filter
from audit.tags import Tag

_LARGEST_NUMBER = 2**63 - 1


def _choices() -> list[tuple[str, object]]:
    nouns: dict[str, list[tuple[str, str]]] = {}
    for tag in Tag:
        nouns.setdefault(tag.noun, [(f"{tag.noun}:", f"Everything about {_spoken(tag.noun)}")])
        nouns[tag.noun].append((tag.value, tag.words))
    groups = [(_spoken(noun).capitalize(), choices) for noun, choices in nouns.items()]
    return [("", "Everything"), *groups]


def _spoken(noun: str) -> str:
    return {"signin_link": "sign-in links", "access": "access", "settings": "settings"}.get(noun, f"{noun}s")


class TrailFilterForm(forms.Form):
    """What the address of the trail page may ask for. Days are days in UTC."""

    tag = forms.ChoiceField(label="What happened", choices=_choices, required=False)
    actor = forms.CharField(label="Who", max_length=128, required=False)
    subject = forms.CharField(label="About whom or what", max_length=128, required=False)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    request_id = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    before = forms.IntegerField(
        required=False, min_value=1, max_value=_LARGEST_NUMBER, widget=forms.HiddenInput
    )
    after = forms.IntegerField(
        required=False, min_value=0, max_value=_LARGEST_NUMBER, widget=forms.HiddenInput
    )

    def clean_actor(self) -> str:
        """PostgreSQL takes no NUL."""
        return str(self.cleaned_data["actor"]).strip()

    def wanted(self) -> Filter:
        """The filter of a valid form; the last day is included."""
        data = self.cleaned_data
        until: date | None = data["until"]
        return Filter(
            tag=data["tag"],
            actor=data["actor"],
            subject=data["subject"].strip(),
            since=_start_of(data["since"]) if data["since"] else None,
            until=_start_of(until) + timedelta(days=1) if until and until < date.max else None,
            request_id=data["request_id"],
        )


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
