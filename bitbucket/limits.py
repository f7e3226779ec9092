"""What a vendor tells about its limit beside an answer."""

from dataclasses import dataclass

from bitbucket.protocol import Answer

_LONGEST = 12


@dataclass(frozen=True)
class RateLimits:
    """A limit as it stood at one answer; None where that header was not sent or is no number.

    Atlassian's organisation APIs send both. Bitbucket sends the limit only to access tokens and apps whose limit grows
    with the plan (https://bitbucket.org/blog/introducing-scaled-rate-limits-for-bitbucket-cloud-api).

    Args:
        limit: requests per window.
        remaining: requests left in it.
    """

    limit: int | None
    remaining: int | None


def limits_from_answer(answer: Answer) -> RateLimits | None:
    """The limit that an answer tells, or None where it tells none."""
    told = RateLimits(_number(answer, "x-ratelimit-limit"), _number(answer, "x-ratelimit-remaining"))
    return None if told == RateLimits(None, None) else told


def _number(answer: Answer, name: str) -> int | None:
    text = (answer.header(name) or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None
