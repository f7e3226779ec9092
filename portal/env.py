"""Reading the environment: every setting has one reader here, and a bad value stops the start with a sentence.

Each name may be given as ``NAME_FILE`` instead: the path of a file that holds the value, the way container
platforms hand out secrets.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"", "0", "false", "no", "off"})


def _parsed(name: str, value: str) -> SplitResult:
    """A URL in its parts; what cannot be parsed is told without its text, which may hold a password."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        pass
    else:
        return parts
    raise ImproperlyConfigured(f"{name} is not a URL that can be read: look at its brackets and its port.")


class Environment:
    """One process's environment.

    Args:
        values: the variables, normally ``os.environ``.
    """

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = os.environ if values is None else values

    def text(self, name: str, default: str = "") -> str:
        """The value of ``name`` or of the file that ``NAME_FILE`` names, stripped; ``default`` when neither is set.

        Raises:
            ImproperlyConfigured: both are set, or the file cannot be read.
        """
        file_name = self._values.get(f"{name}_FILE", "")
        direct = self._values.get(name)
        if file_name and direct:
            raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; keep one of them.")
        if not file_name:
            return default if direct is None else direct.strip()
        try:
            return Path(file_name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as problem:
            reason = getattr(problem, "strerror", None) or "it is not text"
            raise ImproperlyConfigured(f"{name}_FILE names {file_name}, which cannot be read: {reason}.") from problem

    def required(self, name: str) -> str:
        """Like `text`, but an absent or empty value stops the start."""
        value = self.text(name)
        if not value:
            raise ImproperlyConfigured(f"{name} is required by this process and is not set (or set {name}_FILE).")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A yes or no: 1/true/yes/on or 0/false/no/off."""
        value = self.text(name, "1" if default else "0").lower()
        if value in TRUE_WORDS:
            return True
        if value in FALSE_WORDS:
            return False
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not a word like the one given.")

    def number(self, name: str, default: int, *, at_least: int = 0) -> int:
        """A whole number not below ``at_least``."""
        value = self.text(name, str(default))
        if not value.isdecimal() or int(value) < at_least:
            raise ImproperlyConfigured(f"{name} must be a whole number of at least {at_least}.")
        return int(value)

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        """One of a few words."""
        value = self.text(name, default).lower()
        if value not in allowed:
            raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}.")
        return value

    def listing(self, name: str) -> list[str]:
        """Values separated by commas; empty when unset."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def url(self, name: str, default: str) -> str:
        """An http(s) base URL without user-info, query, fragment or a slash at its end."""
        value = self.text(name, default).rstrip("/")
        parts = _parsed(name, value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ImproperlyConfigured(f"{name} must be a full URL such as https://example.com.")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ImproperlyConfigured(f"{name} must be a plain base URL: no user name, query or fragment.")
        return value

    def ssh_address(self, name: str, default: str) -> str:
        """What stands before a repository's path when git goes over SSH: ``ssh://user@host[:port]``. It is only shown:
        nothing here connects to it."""
        value = self.text(name, default).rstrip("/")
        parts = _parsed(name, value)
        is_plain = not (parts.password or parts.path or parts.query or parts.fragment)
        if parts.scheme != "ssh" or not parts.hostname or not is_plain:
            raise ImproperlyConfigured(f"{name} must look like ssh://git@bitbucket.org.")
        return value

    def database(self, name: str) -> dict[str, object]:
        """``postgres://user:password@host:port/name`` as Django's database settings; empty when unset."""
        value = self.text(name)
        if not value:
            return {}
        parts = _parsed(name, value)
        if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
            raise ImproperlyConfigured(f"{name} must look like postgres://user:password@host:5432/name.")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
        }

    def email(self, name: str) -> dict[str, object]:
        """``smtp(s)://user:password@host:port``, ``file:///folder`` or ``console://`` as Django's e-mail settings."""
        value = self.text(name, "console://")
        parts = _parsed(name, value)
        if parts.scheme == "console":
            return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
        if parts.scheme == "file" and parts.path:
            return {
                "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
                "EMAIL_FILE_PATH": unquote(parts.path),
            }
        if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname:
            raise ImproperlyConfigured(
                f"{name} must look like smtp+tls://user:password@host:587, smtps://host:465, file:///folder or console://."
            )
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": parts.port or {"smtps": 465, "smtp+tls": 587}.get(parts.scheme, 25),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
            "EMAIL_TIMEOUT": 10,
        }
