"""The shapes of a diagnosis: causes, what to do about them, the rules that tell them, and the answer."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

Cause = Literal[
    "account_password",
    "app_password_removed",
    "token_invalid_or_expired",
    "unscoped_token",
    "missing_scope",
    "wrong_username",
    "email_used_for_git",
    "bearer_instead_of_basic",
    "no_access_or_not_found",
    "rate_limited",
    "removed_endpoint",
    "ssh_key",
    "ip_allowlist",
    "two_step_required",
    "branch_restriction",
    "read_only_credential",
    "cached_old_credential",
    "plan_limit",
    "not_credential_related",
    "other",
]
CAUSES: tuple[Cause, ...] = get_args(Cause)

ActionKind = Literal["request_scopes", "get_access", "my_credentials", "open", "copy"]


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do at once.

    `value` is, by kind: API-token scopes with commas between (`request_scopes`), an address of the vendor (`open`),
    a line to copy (`copy`), where `{protocol}`, `{host}`, `{path}` and `{address}` (host and path) stand for the
    repository that the pasted text is about; nothing for pages of the portal (`get_access`, `my_credentials`).
    """

    kind: ActionKind
    label: str
    value: str = ""


class Alternative(NamedTuple):
    """What else the same text could mean, and what would tell them apart."""

    cause: Cause
    tell: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What is said about a cause, or about one form of it.

    The advice of a cause itself is named like the cause. Of `words`, the first piece says what happened and the others
    what to do now, one thing each; read one after the other they are the remedy. The first action that is no line to
    copy is the page's button.
    """

    slug: str
    cause: Cause
    title: str
    words: tuple[str, ...]
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Sign:
    """Something about the whole text that a rule may need: a push, a header, an address. `pattern` as in `Rule`."""

    name: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Rule:
    """How to tell a cause: the first rule that fits decides.

    Attributes:
        name: unlike that of every other rule.
        advice: the slug of what is said then.
        said: regular expressions without anchors and without unbounded repetition, one of which must match the text in
            lower case, on one line, without quoting. Empty: the first sign of `needs` is the telling one.
        needs: signs that must all be there; `a|b` needs one of the two.
        unless: signs of which none may be there.
        also: what else it could be.
    """

    name: str
    advice: str
    said: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    also: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class ScopeGap:
    """What a refusal said about scopes, all sorted.

    Attributes:
        required: as the text names them.
        granted: as the text names them; None where it names none.
        missing: what the credential lacks, in the dialect it speaks where both are known.
        api_token: the same as API-token scopes, which are what the portal's requests are made of.
        classic: the same as classic scopes, which are what access tokens and OAuth are made of.
        without_counterpart: missing API-token scopes that no classic scope reaches.
    """

    required: tuple[str, ...] = ()
    granted: tuple[str, ...] | None = None
    missing: tuple[str, ...] = ()
    api_token: tuple[str, ...] = ()
    classic: tuple[str, ...] = ()
    without_counterpart: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The answer.

    Attributes:
        cause: the likeliest.
        title: the cause in words.
        why: what happened.
        steps: what to do now, one thing each.
        facts: what the text says about scopes, in sentences.
        gap: what the refusal said about scopes; None when it is not about scopes.
        also_possible: what else it could be.
        actions: what can be done at once, the most useful first.
        rule: the name of the rule that decided; "" when none did.
        lines: the pasted text as it may be shown.
        telling: the place of the deciding line in `lines`; None when no line decided.
        hid_secret: whether something in the text looked like a secret.
    """

    cause: Cause
    title: str
    why: str
    steps: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    gap: ScopeGap | None = None
    also_possible: tuple[Alternative, ...] = ()
    actions: tuple[Action, ...] = ()
    rule: str = ""
    lines: tuple[str, ...] = ()
    telling: int | None = None
    hid_secret: bool = False

    @property
    def remedy(self) -> str:
        """What happened and what to do now, as one text."""
        return " ".join((self.why, *self.facts, *self.steps))

    @property
    def missing_scopes(self) -> tuple[str, ...]:
        """What the credential lacks, sorted; empty where the text does not tell."""
        return self.gap.missing if self.gap else ()
