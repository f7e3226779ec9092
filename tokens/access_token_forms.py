"""The two moments in which the portal sees an access token: when it is registered, and when its end is to be proven."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

NEVER_AN_ORGANISATION_KEY = (
    "It starts with ATCT. An organisation's API key starts the same: never paste one of those, here or anywhere."
)


def _secret(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=4000,
        strip=True,
        help_text=f"{NEVER_AN_ORGANISATION_KEY} It is checked at Bitbucket and forgotten.",
        widget=forms.PasswordInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}, render_value=False
        ),
    )


class AccessTokenForm(forms.Form):
    """The token, and the end that was chosen for it: no call of Bitbucket's tells that one.

    Args:
        until: the last day that was approved.
    """

    expires_on = forms.DateField(
        label="The end that you chose at Bitbucket",
        help_text="Bitbucket tells nobody when an access token ends, so the portal takes your word for it.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    secret = _secret("The access token, pasted once")

    def __init__(self, *args: Any, until: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self._until = until
        field = self.fields["expires_on"]
        field.initial = until
        field.widget.attrs |= {"min": timezone.now().date().isoformat(), "max": until.isoformat()}

    def clean_expires_on(self) -> date:
        """A day from today to the last approved one."""
        day: date = self.cleaned_data["expires_on"]
        if day > self._until:
            raise ValidationError(
                f"That is later than approved. Delete the token at Bitbucket and make one that ends on"
                f" {self._until:%d %B %Y} or earlier."
            )
        if day < timezone.now().date():
            raise ValidationError("That day is over: the token would open nothing any more.")
        return day


class PresentForm(forms.Form):
    """The very same token once more, to show what became of it."""

    secret = _secret("The same access token once more")
