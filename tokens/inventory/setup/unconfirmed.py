"""Facts that no source confirms and the portal relies on: what each is for, and what was seen of it here.

Where nothing but a change could show it, it is "not tried"; the code is written for either answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from tokens.inventory.setup.seen import Name
from tokens.models import Capability, Credential, Source
from tokens.states import CredentialState

Known = dict[Name, list[Capability]]
NOT_TRIED = "Not tried: only doing it would show."
NOT_ASKED = "Not asked yet."
NOTHING_SEEN = "Asked; none was there to see."


@dataclass(frozen=True)
class Unconfirmed:
    """One open question.

    Args:
        question: what nobody confirms.
        relies: what hangs on it here.
        seen: what was seen, in words.
    """

    question: str
    relies: str
    seen: Callable[[Known], str]


def _not_tried(_: Known) -> str:
    return NOT_TRIED


def _reason_of(name: Name) -> Callable[[Known], str]:
    return lambda known: " ".join(dict.fromkeys(row.reason for row in known.get(name, []))) or NOT_ASKED


def _fact_of(name: Name, fact: str, words: str) -> Callable[[Known], str]:
    def seen(known: Known) -> str:
        facts = [row.facts[fact] for row in known.get(name, []) if fact in row.facts]
        told = dict.fromkeys(_as_words(one) for one in facts if one)
        return words.format("; ".join(told)) if told else NOTHING_SEEN if facts else NOT_ASKED

    return seen


def _as_words(fact: Any) -> str:
    return ", ".join(map(str, fact)) if isinstance(fact, list) else str(fact)


def _types(known: Known) -> str:
    may = [fact for row in known.get(Name.BOT_TOKENS, []) for fact in row.facts.get("may", {}).values()]
    told = {str(one["type"]) for one in may if one.get("type")}
    return f"Here an API token is called: {', '.join(sorted(told))}." if told else NOT_ASKED


def _added_keys(_: Known) -> str:
    added = Credential.objects.filter(source=Source.PORTAL)
    counted = added.aggregate(
        all=Count("pk"), gone=Count("pk", filter=Q(state=CredentialState.GONE, revocations__isnull=True))
    )
    if not counted["all"]:
        return "The portal has added none yet."
    return f"The portal added {counted['all']}; {counted['gone']} vanished without anybody asking for it here."


UNCONFIRMED = (
    Unconfirmed(
        "Does the organisation's listing tell the scopes of Bitbucket tokens?",
        "Registering a token without any paste.",
        _reason_of(Name.LISTING_SCOPES),
    ),
    Unconfirmed(
        "Can effective rights be asked for one person?",
        "The price of reading one person's rights.",
        _reason_of(Name.FILTER_BY_PERSON),
    ),
    Unconfirmed(
        "Does a project's deploy key tell its last use?",
        "The finding “idle” for such keys.",
        _fact_of(Name.READ_DEPLOY_KEYS, "project_keys", "Projects here: {}."),
    ),
    Unconfirmed(
        "Do deploy keys die with the right of whoever added them?",
        "Keys that the portal adds: holder, deputy and admins hear of one that vanishes.",
        _added_keys,
    ),
    Unconfirmed("What does Bitbucket call an API token?", "Telling kinds of credentials apart.", _types),
    Unconfirmed(
        "Does Bitbucket check that the e-mail address belongs to the token?",
        "Whose a pasted token is; without it the listing is the proof.",
        _not_tried,
    ),
    Unconfirmed(
        "Can the tokens of an account that is switched off be listed and deleted?",
        "The order of an offboarding: tokens are deleted first.",
        _not_tried,
    ),
    Unconfirmed(
        "May an API token remove grants? The description says “only app passwords”.",
        "Removing grants by machine; a refusal becomes work for a person.",
        _not_tried,
    ),
    Unconfirmed(
        "Does suspending in the directory work, and with which scopes?",
        "Taking a leaver's access away without switching the account off.",
        _reason_of(Name.SUSPEND_ACCOUNTS),
    ),
    Unconfirmed(
        "Can accounts synchronised from an identity provider be switched off?",
        "The first line of an offboarding.",
        _reason_of(Name.SWITCH_ACCOUNTS_OFF),
    ),
    Unconfirmed(
        "What are events about Bitbucket credentials called?",
        "Nothing yet: the inventory reads the credentials themselves.",
        _fact_of(Name.READ_EVENTS, "actions", "Actions seen here: {}."),
    ),
    Unconfirmed(
        "Does a refusal for too many requests say when to come back?",
        "Nothing: it is obeyed where it is said, and our own hourly budget stops before it.",
        _not_tried,
    ),
    Unconfirmed(
        "Do Atlassian's token page and links take a list of scopes?",
        "The create page: it names them for ticking instead.",
        _not_tried,
    ),
)


def open_questions(known: Known) -> list[dict[str, str]]:
    """The questions with what was seen here.

    Args:
        known: what `sheet.rows` gave.
    """
    return [{"question": one.question, "relies": one.relies, "seen": one.seen(known)} for one in UNCONFIRMED]
