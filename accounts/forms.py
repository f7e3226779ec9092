"""What people type in this room."""

from django import forms


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
