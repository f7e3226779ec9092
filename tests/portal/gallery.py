"""The context of the gallery: each component in each state, with texts as long as real ones."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms

from portal.icons import ICONS

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SENTENCES = [
    "Approval: Aria or another approver decides.",
    "You create the token at Atlassian.",
    "You paste it once.",
]


class Choice:
    """A choice with a line of words below it."""

    def __init__(self, name: str, words: str) -> None:
        self.name = name
        self.words = words

    def __str__(self) -> str:
        return self.name


class AskForm(forms.Form):
    """One field of each kind."""

    reason = forms.CharField(
        label="What do you need it for?",
        help_text="One sentence that an approver understands.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    lifetime = forms.ChoiceField(
        label="For how long?",
        widget=forms.RadioSelect(attrs={"class": "cards"}),
        choices=[
            ("30", Choice("30 days", "until 23 December 2026")),
            ("90", Choice("90 days", "the longest")),
        ],
    )
    where = forms.MultipleChoiceField(
        label="Where will you use it?",
        help_text="Tick all that apply.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("laptop", "My laptop"), ("ci", "A build server")],
    )
    secret = forms.CharField(label="The token", widget=forms.PasswordInput(attrs={"autocomplete": "off"}))
    email = forms.ChoiceField(label="Your e-mail address", choices=[("e", "emma@acme.test")])
    understood = forms.BooleanField(label="I keep it out of repositories", help_text="Tick to go on.")


class FilterForm(forms.Form):
    """A list's filter."""

    person = forms.CharField(label="Person", required=False)
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any"), ("a", "Active")])


def _section(heading: str, *entries: tuple[str, int]) -> dict[str, Any]:
    """A section of the menu; Home is where we are."""
    links = [{"label": word, "url": f"#{word}", "current": word == "Home", "count": count} for word, count in entries]
    return {"id": heading.lower(), "heading": heading, "entries": links, "current": heading == "Inventory"}


def gallery_context() -> dict[str, Any]:
    """Return everything that templates/components/_gallery.html shows."""
    scope = "{}:repository:bitbucket".format
    return {
        "csp_nonce": "gallery",
        "csrf_token": "token",
        "now": NOW,
        "icons": list(ICONS),
        "tones": ["good", "caution", "danger", "accent", "neutral"],
        "sentences": SENTENCES,
        "shell": {
            "nav": [
                _section(
                    "", ("Home", 0), ("Get access", 0), ("Adviser", 0), ("Check", 0), ("Diagnose", 0), ("Approvals", 3)
                ),
                _section(
                    "Inventory",
                    ("Overview", 0),
                    ("Credentials", 0),
                    ("Repositories", 0),
                    ("Findings", 12),
                    ("People", 0),
                ),
                _section("Rules", ("Templates", 0), ("Approvers", 0)),
                _section("", ("Trail", 0)),
            ],
            "person_name": "Emma Example",
            "role_words": "Employee and administrator",
            "unread": 2,
            "demo": True,
            "signed_in": True,
        },
        "badges": [
            {"tone": "good", "icon": "check", "label": "Active"},
            {"tone": "caution", "icon": "clock", "label": "Waiting for approval"},
            {"tone": "danger", "icon": "alert", "label": "Refused, still alive"},
            {"tone": "neutral", "icon": "cross", "label": "Withdrawn"},
            {"tone": "accent", "icon": "refresh", "label": "Revoking"},
        ],
        "groups": [
            {
                "service": {"name": "Repositories", "removed_on": None},
                "scopes": [
                    {"name": scope("read"), "words": "read code, commits and branches"},
                    {"name": scope("write"), "words": "push"},
                    {"name": scope("admin"), "words": "change settings"},
                ],
            },
            {
                "service": {"name": "Issues", "removed_on": date(2026, 8, 20)},
                "scopes": [{"name": "read:issue:bitbucket", "removed_on": date(2026, 8, 20)}],
            },
        ],
        "steps": [
            {"title": "Asked", "state": "done", "at": NOW},
            {"title": "Approved", "state": "done", "detail": "by the template's rule"},
            {"title": "Create it at Atlassian", "state": "current", "detail": "you, now"},
            {"title": "Bitbucket did not answer", "state": "failed"},
            {"title": "In use", "state": "todo"},
        ],
        "events": [
            {
                "at": NOW,
                "title": "Emma asked",
                "body": "To build the web app on my laptop.",
                "tone": "accent",
            },
            {"at": NOW, "title": "Approved at once by the rule", "tone": "good"},
            {"at": NOW, "title": "Refused: too broad", "body": "It could also push.", "tone": "danger"},
        ],
        "snippet": "git clone https://x-bitbucket-api-token-auth@bitbucket.org/acme/web.git web",
        "bars": [{"label": f"Week {n}", "value": n * 211, "share": n * 20} for n in range(1, 6)],
        "facts": [
            {"label": "Code", "value": "bcp-7K2QXM", "code": True},
            {"label": "Ends", "value": "21 May 2027,", "at": NOW},
            {"label": "Holder", "value": "Emma Example", "url": "#"},
        ],
        "filter": FilterForm(auto_id="filter_%s"),
        "form": AskForm(initial={"lifetime": "30"}),
        "wrong_form": AskForm({"reason": ""}, auto_id="wrong_%s"),
    }
