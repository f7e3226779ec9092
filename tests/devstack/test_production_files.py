"""docker-compose.yml, the image and .env.example hold what the settings and the table of processes say."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from audit.signing import seed_from_text
from devstack import compose_secrets
from devstack.environment import ALL, COMMON, OWN, SECRETS
from devstack.home import CHECKOUT

COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
PROCESSES = {"web": "web", "worker": "worker", "worker-revoke": "worker-revoke", "beat": "beat", "migrate": "cli"}
NOT_OURS_TO_SHIP = {"sandbox", "devstack", "tests", "bench"}
READERS = {
    "ssh_address",
    "text",
    "required",
    "flag",
    "number",
    "choice",
    "listing",
    "url",
    "database",
    "email",
    "_secret_for",
    "get",
}


def names_in(tree: ast.AST) -> Iterator[str]:
    """Yield every variable that is read: env.text("NAME", …), _secret_for(process, "NAME"), os.environ.get("NAME")."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if called in READERS:
                texts = [part.value for part in node.args if isinstance(part, ast.Constant)]
                yield from (text for text in texts if isinstance(text, str) and re.fullmatch(r"[A-Z_]{4,}", text))


def names_that_are_read() -> set[str]:
    files = [CHECKOUT / "portal/settings.py", CHECKOUT / "portal/gunicorn_conf.py"]
    names = {name for file in files for name in names_in(ast.parse(file.read_text()))}
    return names - {"INFO"}


def example_lines() -> dict[str, str]:
    lines = (CHECKOUT / ".env.example").read_text().splitlines()
    found = [re.fullmatch(r"([A-Z_]+)=(.*)", line) for line in lines if line and not line.startswith("#")]
    assert all(found), "every line is a comment or NAME=value"
    return {match[1]: match[2] for match in found if match}


def test_the_example_names_every_variable_that_is_read_and_no_other() -> None:
    assert set(example_lines()) == names_that_are_read()


def test_the_example_explains_every_variable_and_marks_the_secrets() -> None:
    for name, rest in example_lines().items():
        _, _, words = rest.partition("#")
        assert words.strip(), name
        assert ("secret:" in words) == (name in SECRETS), name


def test_the_table_of_processes_names_every_variable_that_is_read() -> None:
    assert names_that_are_read() - {"PORTAL_PROCESS"} <= ALL


@pytest.mark.parametrize("service", PROCESSES)
def test_each_process_is_given_its_own_variables_and_no_other_processs_secret(service: str) -> None:
    environment = SERVICES[service]["environment"]
    process = PROCESSES[service]
    assert environment["PORTAL_PROCESS"] == process
    given = {name.removesuffix("_FILE") for name in environment} - {"PORTAL_PROCESS"}
    # DEMO has no place in production; what only gunicorn reads has none elsewhere.
    assert given == (set(COMMON) | set(OWN[process])) - {"DEMO"}


@pytest.mark.parametrize("service", PROCESSES)
def test_secrets_come_as_files_and_only_those_the_process_reads(service: str) -> None:
    environment = SERVICES[service]["environment"]
    as_files = {name.removesuffix("_FILE"): path for name, path in environment.items() if name.endswith("_FILE")}
    assert set(as_files) == {name for name in as_files if name in SECRETS}
    assert not SECRETS & set(environment), "a secret given as a plain value"
    assert {path.rpartition("/")[2] for path in as_files.values()} == set(SERVICES[service]["secrets"])
    assert all(path == f"/run/secrets/{name.lower()}" for name, path in as_files.items())


def test_the_key_that_revokes_is_mounted_into_one_process() -> None:
    for secret in ("atlassian_revoke_key", "revoke_bot_token"):
        assert holders(secret) == ["worker-revoke"]


def test_the_key_that_signs_is_mounted_into_one_process() -> None:
    assert holders("audit_signing_key") == ["worker"]


def holders(secret: str) -> list[str]:
    return [name for name, service in SERVICES.items() if secret in service.get("secrets", ())]


@pytest.mark.parametrize("service", SERVICES)
def test_every_container_is_read_only_without_new_privileges(service: str) -> None:
    description = SERVICES[service]
    assert description["read_only"] is True
    assert description["tmpfs"]
    assert "no-new-privileges:true" in description["security_opt"]
    assert not description.get("privileged")
    if service in PROCESSES:
        assert description["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("service", sorted(set(SERVICES) - {"migrate"}))
def test_every_lasting_container_has_a_health_check(service: str) -> None:
    assert SERVICES[service]["healthcheck"]["test"]


def test_database_and_redis_are_out_of_the_worlds_reach() -> None:
    for service in ("postgres", "redis"):
        assert SERVICES[service]["networks"] == ["inside"]
        assert "ports" not in SERVICES[service]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert SERVICES["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_everything_waits_for_the_migration() -> None:
    for service in set(PROCESSES) - {"migrate"}:
        after = SERVICES[service]["depends_on"]
        assert after["migrate"]["condition"] == "service_completed_successfully"


def test_every_mounted_secret_is_made_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compose_secrets, "FOLDER", tmp_path / "secrets")
    compose_secrets.main()
    assert {path.name for path in (tmp_path / "secrets").iterdir()} == set(COMPOSE["secrets"])
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    before = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert before["postgres_password"] in before["database_url"]
    assert before["redis_password"] in before["redis_url"]
    assert len(before["secret_key"]) == 64
    assert len(seed_from_text(before["audit_signing_key"], demo=False)) == 32
    compose_secrets.main()
    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == before


def test_the_image_holds_every_room_of_the_product_and_nothing_else() -> None:
    rooms = {path.parent.name for path in CHECKOUT.glob("*/__init__.py")} - NOT_OURS_TO_SHIP
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (CHECKOUT / "Dockerfile").read_text(), re.MULTILINE)
    assert set(" ".join(copied).split()) == rooms | {"requirements.txt", "manage.py", "templates", "static"}
    ignored = (CHECKOUT / ".dockerignore").read_text().splitlines()
    assert "*" in ignored
    assert {line[1:] for line in ignored if line.startswith("!")} == set(" ".join(copied).split())


def test_the_image_runs_as_an_ordinary_user_and_holds_no_secret() -> None:
    final = (CHECKOUT / "Dockerfile").read_text().rpartition("FROM ")[2]
    assert re.search(r"^USER 10001$", final, re.MULTILINE)
    assert not [name for name in SECRETS if name in (CHECKOUT / "Dockerfile").read_text()]
    assert "collectstatic" in (CHECKOUT / "Dockerfile").read_text()
