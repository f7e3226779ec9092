"""Where a secret must never be: database, Redis, logs, mails. The search itself is proven to find something."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import psycopg
from psycopg import sql
from redis import Redis


def places_with(secrets: Iterable[str], *, values: Mapping[str, str], folders: Iterable[Path]) -> list[str]:
    """Every place that holds one of the secrets (or the longer half of one).

    Args:
        secrets: marker values.
        values: the portal's variables: DATABASE_URL and REDIS_URL.
        folders: logs and mails.
    """
    needles = [needle for secret in secrets for needle in (secret, secret[len(secret) // 2 :])]
    return [
        *_in_database(values["DATABASE_URL"], needles),
        *_in_redis(values["REDIS_URL"], needles),
        *_in_files(folders, needles),
    ]


def _in_database(url: str, needles: list[str]) -> list[str]:
    found = []
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            rows = connection.execute(sql.SQL("SELECT row_to_json(t)::text FROM {} t").format(sql.Identifier(table)))
            if any(needle in text for (text,) in rows for needle in needles):
                found.append(f"table {table}")
    return found


def _in_redis(url: str, needles: list[str]) -> list[str]:
    client = Redis.from_url(url)
    found = []
    try:
        for key in client.scan_iter():
            dumped = client.dump(key) or b""
            if any(needle.encode() in key + dumped for needle in needles):
                found.append(f"redis {key!r}")
    finally:
        client.close()
    return found


def _in_files(folders: Iterable[Path], needles: list[str]) -> list[str]:
    return [
        str(Path(folder) / name)
        for start in folders
        for folder, _, names in os.walk(start)
        for name in names
        if any(needle.encode() in (Path(folder) / name).read_bytes() for needle in needles)
    ]
