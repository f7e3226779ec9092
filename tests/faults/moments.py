"""Times as answers carry them."""

from datetime import timedelta
from email.utils import format_datetime

from tokens.inventory.moments import database_now


def http_date(seconds: float) -> str:
    """An HTTP date that many seconds from now, by the database's clock."""
    return format_datetime(database_now() + timedelta(seconds=seconds), usegmt=True)
