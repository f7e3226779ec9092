"""The expiry of a token as a form gives it: a day, from tomorrow to one year from now.

Source: https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account
"""

from datetime import UTC, date, datetime, time, timedelta


def date_limits(now: datetime) -> tuple[str, str]:
    """Give the earliest and the latest day that may be chosen, as ISO dates."""
    today = now.date()
    return (today + timedelta(days=1)).isoformat(), (today + timedelta(days=365)).isoformat()


def expiry_from(text: str, now: datetime) -> datetime | None:
    """Turn a chosen day into the moment the token ends: the start of that day in UTC; None if out of range."""
    try:
        chosen = date.fromisoformat(text)
    except ValueError:
        return None
    earliest, latest = date_limits(now)
    if not earliest <= chosen.isoformat() <= latest:
        return None
    return datetime.combine(chosen, time(), UTC)
