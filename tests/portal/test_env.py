"""Reading the environment: every value has one reader, and a bad one stops the start with a sentence."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.env import Environment


def test_a_value_is_stripped_and_has_a_default() -> None:
    env = Environment({"NAME": "  value \n", "EMPTY": ""})
    assert env.text("NAME") == env.required("NAME") == "value"
    assert (env.text("ABSENT"), env.text("ABSENT", "usual"), env.text("EMPTY", "usual")) == ("", "usual", "")


def test_a_value_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from the file\n", encoding="utf-8")
    env = Environment({"NAME_FILE": str(secret)})
    assert env.text("NAME", "usual") == env.required("NAME") == "from the file"


def test_an_empty_variable_beside_a_file_is_no_contradiction(tmp_path: Path) -> None:
    """Compose files hand an unset variable on as an empty one."""
    secret = tmp_path / "secret"
    secret.write_text("from the file", encoding="utf-8")
    assert Environment({"NAME": "", "NAME_FILE": str(secret)}).text("NAME") == "from the file"


def test_both_at_once_stop_the_start(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hush-from-file", encoding="utf-8")
    with pytest.raises(ImproperlyConfigured, match="NAME and NAME_FILE are both set") as told:
        Environment({"NAME": "hush-direct", "NAME_FILE": str(secret)}).text("NAME")
    assert "hush" not in str(told.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00secret")
    for path in (tmp_path / "absent", tmp_path, binary):
        with pytest.raises(ImproperlyConfigured, match=r"NAME_FILE names .* cannot be read") as told:
            Environment({"NAME_FILE": str(path)}).text("NAME")
        assert "secret" not in str(told.value).replace(str(path), "")


@pytest.mark.parametrize("values", [{}, {"NAME": ""}, {"NAME": "  "}])
def test_a_required_one_is_named(values: dict[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured, match="NAME is required"):
        Environment(values).required("NAME")


def test_an_empty_file_is_no_value(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_text("\n", encoding="utf-8")
    with pytest.raises(ImproperlyConfigured, match="NAME is required"):
        Environment({"NAME_FILE": str(empty)}).required("NAME")


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("", False), ("FALSE", False)]
)
def test_flags(text: str, *, value: bool) -> None:
    assert Environment({"NAME": text}).flag("NAME", default=not value) is value


def test_a_flag_that_is_none() -> None:
    assert Environment({}).flag("NAME", default=True) is True
    with pytest.raises(ImproperlyConfigured, match="NAME must be 1 or 0"):
        Environment({"NAME": "maybe"}).flag("NAME")


@pytest.mark.parametrize("text", ["", "-1", "1.5", "many", "0", "²"])
def test_numbers_that_are_none(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="NAME must be a whole number of at least 1"):
        Environment({"NAME": text}).number("NAME", 5, at_least=1)


def test_numbers() -> None:
    assert (Environment({}).number("NAME", 5), Environment({"NAME": "14"}).number("NAME", 5)) == (5, 14)


def test_lists() -> None:
    assert Environment({"NAME": " a, b ,,c,"}).listing("NAME") == ["a", "b", "c"]
    assert Environment({}).listing("NAME") == []


def test_urls() -> None:
    assert Environment({"NAME": "https://portal.example.com/"}).url("NAME", "") == "https://portal.example.com"
    assert Environment({}).url("NAME", "https://bitbucket.org") == "https://bitbucket.org"


@pytest.mark.parametrize(
    "text",
    [
        "portal.example.com",
        "ftp://portal.example.com",
        "https://",
        "https://emma:hush@portal.example.com",
        "https://portal.example.com/?a=hush",
        "https://portal.example.com/#hush",
    ],
)
def test_urls_that_are_none(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="NAME must be") as told:
        Environment({"NAME": text}).url("NAME", "")
    assert "hush" not in str(told.value)


def test_a_database() -> None:
    read = Environment({"NAME": "postgres://portal:p%40ss@db:5433/portal"}).database("NAME")
    assert (read["USER"], read["PASSWORD"], read["HOST"], read["PORT"], read["NAME"]) == (
        "portal",
        "p@ss",
        "db",
        "5433",
        "portal",
    )
    assert Environment({}).database("NAME") == {}


@pytest.mark.parametrize("text", ["mysql://portal:hush@db/portal", "postgres://portal:hush@db/", "portal"])
def test_a_database_that_is_none(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="NAME must look like postgres://") as told:
        Environment({"NAME": text}).database("NAME")
    assert "hush" not in str(told.value)


UNPARSED = [
    ("database", "postgres://u:hush@db:port/portal"),
    ("email", "smtp://u:hush@mail:port"),
    ("database", "postgres://[hush"),
    ("email", "smtp://[hush"),
    ("url", "http://[hush"),
]


@pytest.mark.parametrize(("name", "text"), UNPARSED)
def test_what_cannot_even_be_parsed_is_told_in_a_sentence_without_the_value(name: str, text: str) -> None:
    env = Environment({"NAME": text})
    with pytest.raises(ImproperlyConfigured, match="NAME") as told:
        env.url("NAME", "") if name == "url" else getattr(env, name)("NAME")
    assert "hush" not in str(told.value)


@pytest.mark.parametrize(
    ("text", "port", "tls", "ssl"),
    [
        ("smtp://mail.example.com", 25, False, False),
        ("smtp+tls://emma:p%40ss@mail.example.com", 587, True, False),
        ("smtps://mail.example.com", 465, False, True),
        ("smtps://mail.example.com:2465", 2465, False, True),
    ],
)
def test_mail(text: str, port: int, *, tls: bool, ssl: bool) -> None:
    read = Environment({"NAME": text}).email("NAME")
    assert (read["EMAIL_PORT"], read["EMAIL_USE_TLS"], read["EMAIL_USE_SSL"]) == (port, tls, ssl)
    assert read["EMAIL_TIMEOUT"] == 10
    assert read["EMAIL_HOST_PASSWORD"] in ("", "p@ss")


def test_mail_into_a_folder_or_the_console() -> None:
    assert Environment({"NAME": "file:///var/mail%20box"}).email("NAME")["EMAIL_FILE_PATH"] == "/var/mail box"
    assert "console" in str(Environment({}).email("NAME")["EMAIL_BACKEND"])


@pytest.mark.parametrize("text", ["mail.example.com", "imap://u:hush@mail.example.com", "smtp://", "file://"])
def test_mail_that_is_none(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="NAME must look like") as told:
        Environment({"NAME": text}).email("NAME")
    assert "hush" not in str(told.value)
