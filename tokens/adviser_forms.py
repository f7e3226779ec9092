"""What people type into the adviser."""

from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.views.decorators.debug import sensitive_variables

from tokens.adviser_presentation import USER_WORDS
from tokens.catalogue.pasted import mask_pasted, plain_text
from tokens.forms import WordedLabel

LONGEST_TEXT: Final = 50_000


class CallsForm(forms.Form):
    """Calls, a log or a script. It may hold a secret: the form never has more of it than the masked text.

    ``was_hidden`` says whether something was masked.
    """

    text = forms.CharField(
        label="What do you call?",
        max_length=LONGEST_TEXT,
        error_messages={
            "required": "Paste at least one line.",
            "max_length": f"That is more than {LONGEST_TEXT:,} characters. Paste the part that calls Bitbucket.",
        },
        help_text="One call a line: a REST call, a curl line, a git command. A log or a script will do as well."
        " Secrets are hidden before anything is read, and nothing of it is kept.",
        widget=forms.Textarea(
            attrs={"rows": 8, "spellcheck": "false", "autocapitalize": "none", "class": "code-field"}
        ),
    )
    used_by = forms.ChoiceField(
        label="Who will use the credential?",
        choices=[(slug, WordedLabel(name, words)) for slug, (name, words) in USER_WORDS.items()],
        initial="person",
        widget=forms.RadioSelect(attrs={"class": "cards"}),
    )

    @sensitive_variables("data", "pasted")
    def __init__(self, data: QueryDict | None = None, **options: Any) -> None:
        pasted = data.get("text", "") if data is not None else ""
        masked = mask_pasted(pasted)
        self.was_hidden = masked != plain_text(pasted)
        super().__init__(None if data is None else {**data.dict(), "text": masked}, **options)
