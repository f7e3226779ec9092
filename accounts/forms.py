"""What people type in this room."""

from django import forms
from django.core.exceptions import ValidationError

from accounts.operations.service_tokens import LONGEST_DAYS
from accounts.policy import SERVICE_SCOPES
from audit.content import RefusedContent, refuse_secret

USUAL_DAYS = 90
# More digits than this may be more than a row's number can hold, in 64 bits.
_DIGITS_AT_MOST = 18
_WORDS_FOR_DAYS = f"It works for 1 to {LONGEST_DAYS} days: give a whole number."


def number_from(text: str | None) -> int | None:
    """The number of a row as an address gives it; None for anything else."""
    if not text or not (text.isascii() and text.isdecimal()) or len(text) > _DIGITS_AT_MOST:
        return None
    return int(text)


class SearchForm(forms.Form):
    """A name, an e-mail address or an account id, or a part of one."""

    q = forms.CharField(label="Name or e-mail", required=False, max_length=100, strip=True)


class SigninCodeForm(forms.Form):
    """A one-time sign-in code."""

    code = forms.CharField(
        label="Sign-in code",
        help_text="Four groups of five characters. Capitals and hyphens do not matter.",
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class ServiceTokenForm(forms.Form):
    """What another system may do here, and for how long."""

    name = forms.CharField(
        label="Name",
        help_text="Which system uses it, for example: HR, leavers. The trail names it so for ever.",
        max_length=100,
        error_messages={
            "required": "Give it a name that says which system uses it.",
            "max_length": "Give it a name of at most 100 characters.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        help_text="Tick only what that system needs.",
        choices=list(SERVICE_SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick at least one thing that it may do.",
            "invalid_choice": "There is no such thing to allow: tick one of these.",
        },
    )
    days = forms.IntegerField(
        label="Days until it ends",
        help_text=f"At most {LONGEST_DAYS}. A shorter life is a smaller risk.",
        initial=USUAL_DAYS,
        min_value=1,
        max_value=LONGEST_DAYS,
        error_messages={
            "required": _WORDS_FOR_DAYS,
            "invalid": _WORDS_FOR_DAYS,
            "min_value": _WORDS_FOR_DAYS,
            "max_value": _WORDS_FOR_DAYS,
        },
    )

    def clean_name(self) -> str:
        """The operation refuses a secret as well; here it is told together with what else is wrong."""
        name = str(self.cleaned_data["name"])
        try:
            refuse_secret(name, where="name")
        except RefusedContent:
            raise ValidationError("The name looks like a secret. Take it out: others read this name.") from None
        return name
