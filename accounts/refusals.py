"""Why somebody was not let in, said in words, with what to do now."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """The reason's code, as the trail keeps it."""

    NOT_A_MEMBER = "not_a_member"
    NO_CONFIRMED_EMAIL = "no_confirmed_email"
    DEACTIVATED = "deactivated"
    BITBUCKET_UNREACHABLE = "bitbucket_unreachable"
    STATE_MISMATCH = "state_mismatch"
    CANCELLED = "cancelled"
    WRONG_CODE = "wrong_code"
    ERROR = "error"


@dataclass(frozen=True)
class Words:
    """What the refusal page says.

    Attributes:
        title: what happened, in one line.
        why: the reason, for the person who was refused.
        what_now: the next step that helps.
    """

    title: str
    why: str
    what_now: str


REFUSAL_WORDS: dict[Reason, Words] = {
    Reason.NOT_A_MEMBER: Words(
        "You are not a member of this company's workspace",
        "Bitbucket says that your account does not belong to a workspace this portal serves.",
        "If you have several Bitbucket accounts, sign in with the one you use at work. Otherwise ask the people "
        "who run the workspace to invite you, accept the invitation, and sign in again.",
    ),
    Reason.NO_CONFIRMED_EMAIL: Words(
        "Your e-mail address is not confirmed",
        "Bitbucket has no confirmed e-mail address for your account, so the portal could not reach you.",
        "Confirm your address in your Atlassian account's settings, then sign in again.",
    ),
    Reason.DEACTIVATED: Words(
        "Your account is switched off",
        "The account is deactivated, at Bitbucket or here. Every session it had in this portal has ended.",
        "If you think this is a mistake, talk to one of the portal's admins.",
    ),
    Reason.BITBUCKET_UNREACHABLE: Words(
        "Bitbucket did not answer",
        "The portal asked Bitbucket who you are and got no usable answer. Your account is not the problem.",
        "Try again in a few minutes. If it is urgent, an admin can make you a sign-in code that works once.",
    ),
    Reason.STATE_MISMATCH: Words(
        "This sign-in did not start here",
        "The answer from Bitbucket does not belong to a sign-in that this browser began in the last ten minutes, "
        "or it was used already. The portal takes none that it did not ask for.",
        "Start again from the sign-in page, in this browser.",
    ),
    Reason.CANCELLED: Words(
        "You did not let the portal sign you in",
        "On Bitbucket's page you chose not to give access. The portal only wants to read who you are, your "
        "e-mail addresses and which workspaces you belong to.",
        "Sign in again and choose to give access.",
    ),
    Reason.WRONG_CODE: Words(
        "That code does not work",
        "A sign-in code works once and for five minutes, for a person who may use the portal.",
        "Check it for typing mistakes, or ask the admin who gave it to you for a new one.",
    ),
    Reason.ERROR: Words(
        "The sign-in did not work",
        "Bitbucket refused the sign-in or answered in a way the portal does not understand.",
        "Start again from the sign-in page. If it happens again, tell an admin when it happened.",
    ),
}


class SignInRefused(Exception):
    """A sign-in that may not go on.

    Args:
        reason: why.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
