"""What people type, checked: nothing that looks like a secret gets into a free text."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Person
from accounts.queries import colleague_with_email
from tokens.catalogue.masking import looks_like_secret
from tokens.catalogue.public_keys import NotAPublicKey, PublicKey, parse_public_key
from tokens.models import TemplateVersion
from tokens.policy import KEY_KIND, PERSONAL_KIND, deputy_is_required, is_for_machine

REFUSED_TEXT = (
    "This looks like it holds a secret. Take it out: this text is kept and read by others."
    " From an address, leave out what stands before the @."
)


_BOUNDARY_HELP = {
    "repository_access_token": "The repository, with its workspace: acme/web.",
    "deploy_key": "The repository, small: acme/web. For every repository of a project its key in capitals: acme/WEB.",
    "project_access_token": "The project, with its workspace: acme/WEB.",
    "workspace_access_token": "The workspace: acme.",
}
# Short names and keys as they stand in Bitbucket's addresses; a uuid stands there in braces.
_SHORT_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.-]*|\{[0-9A-Fa-f-]+\}"
_BELOW_A_WORKSPACE = re.compile(f"(?:{_SHORT_NAME})/(?:{_SHORT_NAME})")
_A_WORKSPACE = re.compile(_SHORT_NAME)


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


class PublicKeyField(forms.CharField):
    """The public half of a machine's key pair. Cleans to a `PublicKey`."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", "The public half of the machine's key")
        options.setdefault("max_length", 20_000)
        options.setdefault("help_text", "One line that starts with ssh-ed25519, ecdsa-sha2- or ssh-rsa.")
        attrs = {"rows": 4, "class": "code-field", "spellcheck": "false", "autocapitalize": "none"}
        super().__init__(widget=forms.Textarea(attrs={**attrs, "autocomplete": "off"}), **options)

    def clean(self, value: Any) -> PublicKey | None:
        """The key.

        Raises:
            ValidationError: it is none, or one that is refused; the words never repeat it.
        """
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_public_key(text)
        except NotAPublicKey as problem:
            raise ValidationError(problem.words) from None


class KeyFormMixin(forms.Form):
    """A form that takes a public key, and shows nothing again of what was no public key."""

    def full_clean(self) -> None:
        super().full_clean()
        if "public_key" in self.errors and hasattr(self.data, "copy"):
            emptied = self.data.copy()
            emptied[self.add_prefix("public_key")] = ""
            self.data = emptied


class RequestForm(KeyFormMixin):
    """Why, for how long and where a credential is wanted; for a machine, also what it opens and who is the deputy."""

    reason = PlainTextField(
        label="What do you need it for?",
        help_text="One sentence. Whoever looks at the request reads it.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    machine = PlainTextField(
        label="Which machine will use it?",
        max_length=100,
        help_text="What your team calls it: nightly build, Renovate, the staging cluster.",
    )
    where_used = PlainTextField(
        label="Where will you use it?", max_length=200, help_text="For example: git on my laptop."
    )
    boundary = PlainTextField(label="Which one does it open?", max_length=200)
    public_key = PublicKeyField()
    deputy = forms.EmailField(
        label="Who answers for it when you cannot?",
        help_text="Your deputy: the e-mail of a colleague with a seat in the workspace. A machine outlives holidays.",
    )
    lifetime_days = forms.IntegerField(label="For how many days?", min_value=1)

    def __init__(
        self,
        *args: Any,
        version: TemplateVersion,
        kind: str,
        used_by: str,
        person: Person,
        adopts: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._person, self._kind = person, kind
        self._limit_days(version)
        if is_for_machine(kind, used_by):
            self.fields["where_used"].label = "Where does it run?"
            self.fields["where_used"].help_text = "The system and its place: Jenkins on build-01, our cluster in eu-1."
        else:
            del self.fields["machine"]
        if not deputy_is_required(version, kind, used_by):
            del self.fields["deputy"]
        if kind != KEY_KIND or adopts:
            del self.fields["public_key"]
        if kind == PERSONAL_KIND:
            del self.fields["boundary"]
        else:
            self.fields["boundary"].help_text = _BOUNDARY_HELP[kind]
            # What was found is where it is.
            self.fields["boundary"].disabled = adopts

    def clean_boundary(self) -> str:
        """One short name of the sort that the kind opens, without an address around it."""
        name = str(self.cleaned_data["boundary"]).strip("/")
        shape = _A_WORKSPACE if self._kind == "workspace_access_token" else _BELOW_A_WORKSPACE
        if not shape.fullmatch(name):
            raise ValidationError(f"Give it as it stands in Bitbucket's address. {_BOUNDARY_HELP[self._kind]}")
        return name

    def clean_deputy(self) -> Person:
        """A colleague whom the portal knows, and not the person who asks."""
        found = colleague_with_email(self.cleaned_data["deputy"])
        if found is None:
            raise ValidationError("Nobody with a seat in the workspace is known here under this address.")
        if found == self._person:
            raise ValidationError("You cannot be your own deputy. Name a colleague.")
        return found

    def _limit_days(self, version: TemplateVersion) -> None:
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


class RotateKeyForm(KeyFormMixin):
    """A newer key for the same machine."""

    public_key = PublicKeyField(label="The public half of the new key")


class MigrationNoteForm(forms.Form):
    """How a machine that works with a person's token gets a credential of its own."""

    words = PlainTextField(
        label="How does the machine move on?",
        required=False,
        help_text="For example: repository access token with the new runner, in March.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


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


class WordedLabel(str):
    """A choice's label with a line of explanation below it."""

    __slots__ = ("words",)
    words: str

    def __new__(cls, label: str, words: str = "") -> "WordedLabel":
        made = super().__new__(cls, label)
        made.words = words
        return made


class CheckForm(PasteForm):
    """Any credential that may be looked at, with the person's word for what it is. Nothing of it is shown again."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=[
            ("api_token", WordedLabel("API token", "Made in an Atlassian account. It starts with ATAT.")),
            (
                "access_token",
                WordedLabel(
                    "Access token of a repository, project or workspace",
                    "Made in its settings at Bitbucket. It starts with ATCT, and so does an organisation's API key:"
                    " never paste one of those.",
                ),
            ),
        ],
        initial="api_token",
        widget=forms.RadioSelect(attrs={"class": "cards"}),
    )
    field_order = ["kind", "email", "secret"]

    def __init__(self, *args: Any, emails: list[str], **options: Any) -> None:
        super().__init__(*args, emails=emails, **options)
        self.fields["email"].help_text = "Sent beside an API token, because Bitbucket checks both together."
        self.fields["secret"].label = "The credential"
        self.fields["secret"].help_text = "It is looked at once and forgotten. Nothing is stored or registered here."
