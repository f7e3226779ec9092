"""What the address of the trail page may ask for."""

from datetime import UTC, date, datetime, time, timedelta

from django import forms

from audit.queries import LARGEST_NUMBER, Filter
from audit.tags import Tag

_PLURALS = {"signin_link": "sign-in links", "access": "access", "settings": "settings"}


def _choices() -> list[tuple[str, object]]:
    nouns: dict[str, list[tuple[str, str]]] = {}
    for tag in Tag:
        nouns.setdefault(tag.noun, [(f"{tag.noun}:", f"Everything about {_plural(tag.noun)}")])
        nouns[tag.noun].append((tag.value, tag.words))
    groups = [(_plural(noun).capitalize(), choices) for noun, choices in nouns.items()]
    return [("", "Everything"), *groups]


def _plural(noun: str) -> str:
    return _PLURALS.get(noun, f"{noun}s")


def _day_field(label: str) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


class TrailFilterForm(forms.Form):
    """The filter bar. Days are days in UTC."""

    tag = forms.ChoiceField(label="What happened", choices=_choices, required=False)
    actor = forms.CharField(label="Who", max_length=128, required=False)
    subject = forms.CharField(label="About whom or what", max_length=128, required=False)
    since = _day_field("From")
    until = _day_field("To")
    request_id = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def wanted(self) -> Filter:
        """The filter of a valid form; the last day is included."""
        data = self.cleaned_data
        until: date | None = data["until"]
        return Filter(
            tag=data["tag"],
            actor=data["actor"],
            subject=data["subject"],
            since=_start_of(data["since"]) if data["since"] else None,
            until=_start_of(until) + timedelta(days=1) if until and until < date.max else None,
            request_id=data["request_id"],
        )


class PlaceForm(forms.Form):
    """Where in the list the page starts: right before or right after an event's number."""

    before = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_NUMBER)
    after = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_NUMBER)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
