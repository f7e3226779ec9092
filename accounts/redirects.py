"""Where a sign-in may lead: to a page of this portal, named by its path, and nowhere else."""

from django.utils.http import url_has_allowed_host_and_scheme


def is_own_path(url: str) -> bool:
    """Whether this is a plain path of the portal: no scheme, no host, nothing a browser would read as one."""
    return url.startswith("/") and url.isprintable() and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


def own_path(url: str | None, default: str = "") -> str:
    """``url`` when it is a path of the portal, else ``default``."""
    return url if url and is_own_path(url) else default
