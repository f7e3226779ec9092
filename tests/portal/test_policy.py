"""One world at a time: the demo with the sandbox, real settings with real hosts, and nothing between them."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.policy import require_one_world

ROOT = Path(__file__).resolve().parents[2]
REAL = {"BITBUCKET_API_URL": "https://api.bitbucket.org/2.0", "PORTAL_URL": "https://portal.example.com"}
DEMO = {"BITBUCKET_API_URL": "http://127.0.0.1:8100/2.0", "PORTAL_URL": "http://127.0.0.1:8000"}
REAL_KEY = {"ATLASSIAN_AUDIT_KEY": "a-real-looking-key"}
DEMO_KEY = {"ATLASSIAN_AUDIT_KEY": "ATCTT3xSANDBOX0123"}
HERE = "127.0.0.1:8000"


def check(*, demo: bool, urls: dict[str, str], keys: dict[str, str], bind: str = HERE) -> None:
    require_one_world(demo=demo, base_urls=urls, secrets=keys, bind=bind)


def test_either_world_alone_starts() -> None:
    check(demo=True, urls=DEMO, keys=DEMO_KEY)
    check(demo=False, urls=REAL, keys=REAL_KEY, bind="0.0.0.0:8000")
    check(demo=False, urls=REAL, keys={"ATLASSIAN_AUDIT_KEY": ""})


@pytest.mark.parametrize(
    "url",
    [
        "https://api.bitbucket.org/2.0",
        "https://127.0.0.1.example.com",
        "http://0.0.0.0:8100",
        "http://10.0.0.5:8100",
        "http://localhost.example.com",
    ],
)
def test_the_demo_never_calls_another_machine(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"BITBUCKET_API_URL must be a loopback"):
        check(demo=True, urls=DEMO | {"BITBUCKET_API_URL": url}, keys=DEMO_KEY)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.bitbucket.org/2.0",
        "https://127.0.0.1:8100",
        "http://127.0.0.1:8100",
        "https://localhost",
        "https://LOCALHOST",
        "https://[::1]:8100",
    ],
)
def test_the_real_world_never_calls_this_machine_nor_without_tls(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="BITBUCKET_API_URL must be an https URL"):
        check(demo=False, urls=REAL | {"BITBUCKET_API_URL": url}, keys=REAL_KEY)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.2", "127.1", "localhost.", "sandbox.localhost", "0.0.0.0", "[::ffff:127.0.0.1]"],  # noqa: S104
)
def test_other_names_of_this_machine(host: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="BITBUCKET_API_URL must be an https URL"):
        check(demo=False, urls=REAL | {"BITBUCKET_API_URL": f"https://{host}:8100"}, keys=REAL_KEY)


def test_keys_stay_in_their_world() -> None:
    with pytest.raises(ImproperlyConfigured, match="ATLASSIAN_AUDIT_KEY looks like a real one") as real:
        check(demo=True, urls=DEMO, keys=REAL_KEY)
    with pytest.raises(ImproperlyConfigured, match="ATLASSIAN_AUDIT_KEY is a demo key") as demo:
        check(demo=False, urls=REAL, keys=DEMO_KEY)
    assert REAL_KEY["ATLASSIAN_AUDIT_KEY"] not in str(real.value)
    assert DEMO_KEY["ATLASSIAN_AUDIT_KEY"] not in str(demo.value)


@pytest.mark.parametrize("bind", ["0.0.0.0:8000", ":8000", "[::]:8000", "192.168.1.5:8000", "8000", ""])
def test_the_demo_listens_to_this_machine_only(bind: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="PORTAL_BIND"):
        check(demo=True, urls=DEMO, keys=DEMO_KEY, bind=bind)


@pytest.mark.parametrize("bind", [HERE, "localhost:8000", "[::1]:8000"])
def test_ways_to_write_this_machine(bind: str) -> None:
    check(demo=True, urls=DEMO, keys=DEMO_KEY, bind=bind)


BASE = {
    "PATH": os.environ.get("PATH", ""),
    "DJANGO_SETTINGS_MODULE": "portal.settings",
    "SECRET_KEY": "x" * 50,
    "DATABASE_URL": "postgres://u@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "PORTAL_URL": "https://portal.example.com",
    "PORTAL_PROCESS": "web",
    "ALLOWED_HOSTS": "portal.example.com",
    "BITBUCKET_OAUTH_KEY": "key",
    "BITBUCKET_OAUTH_SECRET": "secret",
    "FINGERPRINT_PEPPERS": "pepper",
    "BITBUCKET_WORKSPACES": "{acme}",
}
READ_SETTINGS = "from django.conf import settings as s; print(sorted(n for n in NAMES if getattr(s, n)))"
SECRETS = (
    "ATLASSIAN_AUDIT_KEY",
    "AUDIT_BOT_TOKEN",
    "AUDIT_SIGNING_KEY",
    "ATLASSIAN_REVOKE_KEY",
    "REVOKE_BOT_TOKEN",
    "BITBUCKET_OAUTH_SECRET",
    "FINGERPRINT_PEPPERS",
)


def start(**changes: str) -> subprocess.CompletedProcess[str]:
    """Let a fresh process read its settings."""
    environment = {name: value for name, value in (BASE | changes).items() if value != "-"}
    code = READ_SETTINGS.replace("NAMES", repr(SECRETS))
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SECRET_KEY": "-"}, "SECRET_KEY"),
        ({"DATABASE_URL": "-"}, "DATABASE_URL"),
        ({"REDIS_URL": "-"}, "REDIS_URL"),
        ({"FINGERPRINT_PEPPERS": "-"}, "FINGERPRINT_PEPPERS"),
        ({"BITBUCKET_OAUTH_SECRET": "-"}, "BITBUCKET_OAUTH_SECRET"),
        ({"DEMO": "1"}, "must be a loopback URL"),
        ({"BITBUCKET_API_URL": "http://127.0.0.1:8100/2.0"}, "BITBUCKET_API_URL"),
        ({"BITBUCKET_OAUTH_SECRET": "xSANDBOXx"}, "BITBUCKET_OAUTH_SECRET"),
        ({"PORTAL_PROCESS": "everything"}, "PORTAL_PROCESS"),
        ({"PORTAL_PROCESS": "worker", "AUDIT_SIGNING_KEY": "too short"}, "AUDIT_SIGNING_KEY must be base64"),
        ({"PORTAL_PROCESS": "worker", "AUDIT_SIGNING_KEY": "SANDBOX-key"}, "AUDIT_SIGNING_KEY is a demo key"),
    ],
)
def test_a_process_that_may_not_start_names_the_setting(changes: dict[str, str], named: str) -> None:
    answer = start(**changes)
    assert answer.returncode != 0
    assert named in answer.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("process", "holds"),
    [
        ("web", ["BITBUCKET_OAUTH_SECRET", "FINGERPRINT_PEPPERS"]),
        ("worker", ["ATLASSIAN_AUDIT_KEY", "AUDIT_BOT_TOKEN", "AUDIT_SIGNING_KEY"]),
        ("worker-revoke", ["ATLASSIAN_REVOKE_KEY", "REVOKE_BOT_TOKEN"]),
        ("beat", []),
    ],
)
def test_each_process_holds_only_its_own_secrets(process: str, holds: list[str]) -> None:
    values = dict.fromkeys(SECRETS, "a-value") | {"AUDIT_SIGNING_KEY": base64.b64encode(bytes(32)).decode()}
    answer = start(PORTAL_PROCESS=process, **values)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip() == str(holds)
