"""What the tests of the adviser's pages do over and over: open one, read what it says."""

import re
from html import unescape
from typing import Any

from django.urls import reverse

from accounts.models import User
from tests.tokens.desk import signed_in

SUFFIX = ":bitbucket"
# Assembled, so that no scanner takes it for a real one.
SECRET = "ATATT3x" + "FfGF0" + "Kq7" * 20 + "=1A2B" + "3C4D"


def ask(user: User, query: str) -> Any:
    """Open the adviser with a query; its answer."""
    return signed_in(user).get(f"{reverse('advise')}?{query}")


def page_of(answer: Any) -> str:
    """The main part of the page, with entities as the characters they stand for."""
    text = str(answer.content.decode())
    return unescape(text.partition("<main")[2].partition("</main>")[0])


def kind_of(answer: Any) -> str:
    """The kind that the page says fits; `none` where none is needed."""
    found = re.search(r'data-answer="([a-z_]+)"', page_of(answer))
    return found[1] if found else ""


def scopes_of(answer: Any) -> list[str]:
    """The scopes that the page lists, sorted, without their suffix."""
    return sorted(name.removesuffix(SUFFIX) for name in re.findall(r'data-needed="([^"]+)"', page_of(answer)))


def link_of(answer: Any, action: str) -> str:
    """Where the link for this leads; empty where there is none."""
    found = re.search(rf'href="([^"]+)" data-action="{action}"', page_of(answer))
    return found[1] if found else ""
