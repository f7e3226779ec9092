"""The database's clock: times that several workers compare must come from one."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """What time it is for the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
