"""What people type, checked: nothing that looks like a secret gets into a free text."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tokens.catalogue.masking import looks_like_secret
from tokens.models import TemplateVersion

REFUSED_TEXT = (
    "This looks like it holds a secret. Take it out: this text is kept and read by others."
    " From an address, leave out what stands before the @."
)


def refuse_secret(text: str) -> None:
    """A validator for every free text."""
    if looks_like_secret(text):
        raise ValidationError(REFUSED_TEXT)


class PlainTextField(forms.CharField):
    """One line or a few of free text, without secrets."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 300)
        super().__init__(**options)
        self.validators.append(refuse_secret)


class RequestForm(forms.Form):
    """Why, for how long and where a credential is wanted."""

    reason = PlainTextField(
        label="What do you need it for?",
        help_text="One sentence. Whoever looks at the request reads it.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    where_used = PlainTextField(
        label="Where will you use it?",
        max_length=200,
        help_text="For example: git on my laptop, or the build server that runs the nightly job.",
    )
    lifetime_days = forms.IntegerField(label="For how many days?", min_value=1)

    def __init__(self, *args: Any, version: TemplateVersion, **options: Any) -> None:
        super().__init__(*args, **options)
        days = self.fields["lifetime_days"]
        assert isinstance(days, forms.IntegerField)
        days.max_value = version.max_days
        days.validators.append(self._not_longer_than(version.max_days))
        days.widget.attrs["max"] = version.max_days
        days.initial = min(90, version.max_days)
        days.help_text = f"At most {version.max_days} days. A shorter life is a smaller risk."

    @staticmethod
    def _not_longer_than(limit: int) -> Any:
        def check(value: int) -> None:
            if value > limit:
                raise ValidationError(f"This template allows at most {limit} days.")

        return check


class ReasonForm(forms.Form):
    """A sentence that stays in the trail."""

    reason = PlainTextField(label="Why?", widget=forms.Textarea(attrs={"rows": 2}))


class DenyForm(forms.Form):
    """Why a request is denied."""

    reason = PlainTextField(
        label="Why not?",
        help_text="The person who asked reads this sentence.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AttestForm(forms.Form):
    """How somebody knows that a credential is gone."""

    words = PlainTextField(
        label="How do you know that it is gone?",
        help_text="Who looked, where and when; or the address of a ticket.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ChooseEntryForm(forms.Form):
    """Which entry of the organisation's listing a credential is."""

    entry = forms.ChoiceField(label="Which of these is it?", widget=forms.RadioSelect(attrs={"class": "cards"}))

    def __init__(self, *args: Any, candidates: list[dict[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["entry"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (
                row["id"],
                f"{row['label']}, created {row['created_at'][:16]}, ends {row['expires_at'][:10] or 'never'}",
            )
            for row in candidates
        ]


class PasteForm(forms.Form):
    """The one moment in which the portal sees the secret. It is never shown again, not even after an error."""

    email = forms.ChoiceField(
        label="Your Atlassian e-mail",
        help_text="Bitbucket checks a token together with the e-mail of its account.",
    )
    secret = forms.CharField(
        label="The token, pasted once",
        max_length=4000,
        strip=True,
        help_text="It is checked at Bitbucket and forgotten. The portal never stores it.",
        widget=forms.PasswordInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}, render_value=False
        ),
    )

    def __init__(self, *args: Any, emails: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["email"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(email, email) for email in emails]
