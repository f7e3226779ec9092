"""What people type into the adviser."""

from typing import Final

from django import forms

from tokens.adviser_presentation import USER_WORDS
from tokens.forms import WordedLabel

LONGEST_TEXT: Final = 50_000


class CallsForm(forms.Form):
    """Calls, a log or a script. It may hold a secret: it is masked before it is read, and kept nowhere."""

    text = forms.CharField(
        label="What do you call?",
        max_length=LONGEST_TEXT,
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
