"""What the inventory's address may ask for."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tokens.catalogue.data import KINDS, SCOPE_BY_NAME, SERVICES
from tokens.forms import PlainTextField
from tokens.inventory.filters import (
    ANY,
    COUNTED_GROUP,
    ENDED_GROUP,
    LIVE_GROUP,
    NEVER,
    NOBODY,
    NONE,
    NOT_VERIFIED,
    Filter,
)
from tokens.inventory.holding import level_choices
from tokens.inventory.listing import NEWEST, SORTS, Place, Sort, place_from_text
from tokens.models import FindingKind, HolderProof, Standing
from tokens.models.verification import Outcome
from tokens.states import CredentialState

Choice = tuple[str, Any]
_EVERY = ("", "All")
_EXPIRIES = (
    ("ended", "Past its end"),
    ("7", "Within 7 days"),
    ("30", "Within 30 days"),
    ("90", "Within 90 days"),
    ("later", "Later than 90 days"),
    (NEVER, "Never"),
)
_USES = (
    (NEVER, "Never"),
    ("30", "More than 30 days ago"),
    ("90", "More than 90 days ago"),
    ("180", "More than 180 days ago"),
)
# What a credential that was registered or refused here can have come to.
_OUTCOMES = (Outcome.EXACT, Outcome.MISSING, Outcome.EXCESS)
# What a field means when the address does not say; saying it all the same is no filter.
_STANDS_FOR_NOTHING = {"state": LIVE_GROUP, "standing": COUNTED_GROUP, "sort": NEWEST.slug}


def _chosen(label: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False)


def _scopes() -> list[Choice]:
    groups: list[Choice] = [_EVERY]
    for service in SERVICES:
        of_service = [
            (scope.name, scope.name) for scope in SCOPE_BY_NAME.values() if scope.service_slug == service.slug
        ]
        groups.append((service.name, of_service))
    return groups


class FilterForm(forms.Form):
    """The filter bar. ``state`` and ``standing`` left out mean live ones that count: approved or undeclared."""

    q = PlainTextField(
        label="Search",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name, holder or code"}),
    )
    state = _chosen(
        "State",
        [
            ("", "Live"),
            (ANY, "All"),
            ("What is in it", CredentialState.choices),
            (ENDED_GROUP, "Nothing left of it"),
        ],
    )
    standing = _chosen("Standing", [("", "Approved or undeclared"), (ANY, "All"), *Standing.choices])
    kind = _chosen("Kind", [_EVERY, *((kind.slug, kind.name) for kind in KINDS)])
    holder = PlainTextField(
        label="Holder",
        max_length=128,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "E-mail, whole name or account id", "autocomplete": "off"}),
    )
    service = _chosen("Can do", [_EVERY, *level_choices()])
    scope = _chosen("Scope", _scopes)
    template = _chosen("Template", [_EVERY])
    verification = _chosen(
        "Verification", [_EVERY, *((each.value, each.label) for each in _OUTCOMES), (NOT_VERIFIED, "Not verified")]
    )
    proof = _chosen("How the holder is known", [_EVERY, *HolderProof.choices])
    expiry = _chosen("Ends", [_EVERY, *_EXPIRIES])
    used = _chosen("Last used", [_EVERY, *_USES])
    finding = _chosen("Open findings", [_EVERY, (ANY, "Any"), (NONE, "None"), *FindingKind.choices])
    workspace = _chosen("Workspace", [_EVERY])
    sort = _chosen("Order", [("" if each is NEWEST else each.slug, each.words) for each in SORTS.values()])

    # What stands in the bar; the rest is behind "More filters".
    FIRST = ("q", "state", "kind", "expiry", "sort")

    def __init__(self, asked: Mapping[str, Any], /, **options: Any) -> None:
        named = {name: str(asked.get(name, "")) for name in self.base_fields}
        super().__init__({n: "" if _STANDS_FOR_NOTHING.get(n) == v else v for n, v in named.items()}, **options)
        # Which templates and workspaces there are is not known yet: whatever is asked for may be there.
        for name in ("template", "workspace"):
            value = named[name][:100]
            self._offer(name, [(value, value)] if value else [])

    def clean_workspace(self) -> int | None:
        """The workspace's row."""
        text: str = self.cleaned_data["workspace"]
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004, RUF100
            raise ValidationError("There is no such workspace.")
        return int(text)

    def clean(self) -> dict[str, Any]:
        """What looks like a secret is not shown back."""
        for name in ("q", "holder"):
            if name in self.errors:
                self.data = {**self.data, name: ""}
        return self.cleaned_data

    def offer(self, *, templates: list[tuple[str, str]], workspaces: list[tuple[str, str]]) -> None:
        """Say which templates and workspaces there are; one workspace alone is no choice."""
        self._offer("template", templates)
        self._offer("workspace", workspaces)
        if len(workspaces) < 2 and not self.data.get("workspace"):  # noqa: PLR2004, RUF100
            del self.fields["workspace"]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [_EVERY, *choices]

    def wanted(self) -> Filter:
        """The filter of a valid form."""
        return Filter(**{name: value for name, value in self.cleaned_data.items() if name != "sort"})

    def sort_wanted(self) -> Sort:
        """The order of a valid form."""
        return SORTS.get(self.cleaned_data["sort"], NEWEST)

    def asked(self) -> dict[str, str]:
        """What the address has to say for this filter and order: only what is not understood anyway."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value not in ("", None)}

    def words(self, name: str) -> str:
        """The chosen value of a field as people read it."""
        value = str(self.cleaned_data[name])
        if name == "holder" and value == NOBODY:
            return "Nobody is known"
        field = self.fields[name]
        return _words_of(value, field.choices) if isinstance(field, forms.ChoiceField) else f"“{value}”"

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """Those that stand in the bar."""
        return [self[name] for name in self.FIRST]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """Those behind "More filters"."""
        return [field for field in self if field.name not in self.FIRST]


def _words_of(value: str, choices: Any) -> str:
    for each, words in choices:
        if isinstance(words, list | tuple):
            inside = _words_of(value, words)
            if inside != value:
                return inside
        elif str(each) == value:
            return str(words)
    return value


class PlaceForm(forms.Form):
    """Where in the list the page begins or ends."""

    after = forms.CharField(required=False, max_length=60)
    before = forms.CharField(required=False, max_length=60)

    def clean_after(self) -> Place | None:
        """Begin after this place."""
        return self._place("after")

    def clean_before(self) -> Place | None:
        """End before this place."""
        return self._place("before")

    def _place(self, name: str) -> Place | None:
        text: str = self.cleaned_data[name]
        if not text:
            return None
        try:
            return place_from_text(text)
        except ValueError:
            raise ValidationError("This address names no place in the list.") from None
