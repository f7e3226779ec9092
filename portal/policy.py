"""What may start together: demo settings with the sandbox, real settings with the real hosts, never a mix."""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from audit.signing import MalformedKey, seed_from_text

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
DEMO_MARK = "SANDBOX"


def is_loopback(url: str) -> bool:
    """Whether the URL's host is this machine."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        # Short forms such as 127.1 are numbers to a resolver, though no address to Python.
        return host.replace(".", "").isdecimal() and host.split(".")[0] in {"127", "0"}
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback)


def is_this_machine(url: str) -> bool:
    """Loopback, or "every address of this machine", which a client takes for loopback."""
    host = (urlsplit(url).hostname or "").strip("[]")
    return is_loopback(url) or host in {"0.0.0.0", "::", "0"}  # noqa: S104  # nosec B104  compared, not bound


def require_one_world(*, demo: bool, base_urls: Mapping[str, str], secrets: Mapping[str, str], bind: str) -> None:
    """Stop a start that mixes the demo with the real world.

    Args:
        demo: whether ``DEMO=1``.
        base_urls: every base URL the portal calls or links to, by the name of its setting.
        secrets: the secrets of this process, by the name of their setting.
        bind: host:port on which the web process listens.

    Raises:
        ImproperlyConfigured: naming the setting that belongs to the other world.
    """
    for name, url in base_urls.items():
        _check_url(name, url, demo=demo)
    for name, value in secrets.items():
        _check_secret(name, value, demo=demo)
    if demo and bind.rpartition(":")[0].strip("[]") not in LOOPBACK_HOSTS:
        raise ImproperlyConfigured("DEMO=1 listens on this machine only: PORTAL_BIND must start with 127.0.0.1.")


def _check_url(name: str, url: str, *, demo: bool) -> None:
    if demo and not is_loopback(url):
        raise ImproperlyConfigured(f"DEMO=1 works with the sandbox only: {name} must be a loopback URL.")
    if not demo and (is_this_machine(url) or urlsplit(url).scheme != "https"):
        raise ImproperlyConfigured(f"{name} must be an https URL that is not this machine (or set DEMO=1).")


def _check_secret(name: str, value: str, *, demo: bool) -> None:
    if value and demo and DEMO_MARK not in value:
        raise ImproperlyConfigured(f"DEMO=1 takes the sandbox's keys only: {name} looks like a real one.")
    if value and not demo and DEMO_MARK in value:
        raise ImproperlyConfigured(f"{name} is a demo key; it works with DEMO=1 only.")


def require_signing_key(text: str, *, demo: bool) -> None:
    """Stop a start with a signing key that could not sign; having none is fine.

    Args:
        text: the value of ``AUDIT_SIGNING_KEY``.
        demo: whether ``DEMO=1``.

    Raises:
        ImproperlyConfigured: it is not base64 of 32 bytes.
    """
    try:
        if text:
            seed_from_text(text, demo=demo)
    except MalformedKey as problem:
        raise ImproperlyConfigured(str(problem)) from None
