"""What is true of a whole pasted text: what was tried, with which user name, and how it was answered."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from tokens.catalogue.diagnosis.model import Sign
from tokens.catalogue.diagnosis.reading import Reading

# Bitbucket itself, and a stand-in that runs on the reader's own machine.
HOST: Final = r"(?:(?:www\.|ssh\.|altssh\.)?bitbucket\.org|127\.0\.0\.1|localhost)(?::\d{1,5})?"
# What stands behind the @ may be hidden.
_EMAIL: Final = r"[\w.+-]{1,64}(?:@|%40)(?:\*{3}|[\w-]{1,63}(?:\.[\w-]{1,63}){1,6})"

SIGNS: Final = (
    Sign(
        "push", r"\bgit push\b|git-receive-pack|failed to push|\bpushing to\b|\[remote rejected\]|your push|cannot push"
    ),
    Sign("fetch", r"\bgit (?:clone|fetch|pull|ls-remote|submodule)\b|git-upload-pack|cloning into"),
    Sign("git", r"\bfatal:|\bgit\b|\.git\b|\bjgit\b|the requested url returned error"),
    Sign("rest", r"api\.bitbucket\.org|/2\.0/|no api hosted|\"type\": ?\"error\"|'type': ?'error'"),
    Sign("ssh", r"git@|ssh://|\bssh:|publickey|\bsshd?\b|could not read from remote repository"),
    Sign("bitbucket", r"bitbucket|x-token-auth"),
    Sign("cloud", r"bitbucket\.org|x-token-auth|x-bitbucket-api-token-auth"),
    Sign("old_ssh_name", r"git@bitbucket\.org|connect to host bitbucket\.org|(?:to|by) bitbucket\.org"),
    Sign(
        "own_server",
        r"/rest/api/(?:1\.0|latest)/|/scm/[\w~.-]{1,60}/[\w.-]{1,100}|:7990\b|com\.atlassian\.(?:bitbucket|stash)|captcharequired"
        r"|://(?:[^\s/@]{1,100}@)?(?:bitbucket|stash)\.(?!org\b|status\b)[\w-]{1,60}",
    ),
    Sign(
        "elsewhere",
        r"github\.com|\bgithub\b|gitlab|dev\.azure\.com|visualstudio\.com|codecommit|gitea|codeberg|sourceforge"
        r"|support for password authentication was removed",
    ),
    # --- how it was answered ---
    Sign(
        "refused",
        r"invalid credentials|authentication failed|invalid username or password|not authorized|unauthorized"
        r"|bad credentials|token is invalid|login failed|could not authenticate|authentication replays"
        r"|authorization (?:failed|error)|not authenticated|logon failed|with your credentials",
    ),
    Sign("key_denied", r"denied \([\w,. -]{0,80}publickey"),
    Sign(
        "no_access",
        r"may not have access to this repository|either does not exist or you do not have access|repository not found",
    ),
    Sign("scope_headers", r"x-accepted-oauth-scopes"),
    # --- who asked ---
    Sign("token_user", r"x-bitbucket-api-token-auth"),
    Sign("access_token_user", r"\bx-token-auth\b"),
    Sign(
        "email_user",
        rf"://{_EMAIL}(?::[^\s/@]{{0,200}})?@{HOST}(?!/2\.0)|username for 'https?://{HOST}': ?{_EMAIL}"
        rf"|password for 'https?://{_EMAIL}@{HOST}",
    ),
    Sign(
        "plain_rest_user",
        r"(?<![\w-])(?:-[a-z]{0,8}u|--user)[ =]{0,2}[\"']?[^\s\"':@$%{}<]{1,100}:"
        r"|auth using basic with user '[^'@\s]{1,100}'",
    ),
    Sign(
        "bearer",
        r"authorization[\"']? ?(?:[:=]|=>) ?[\"']?bearer\b|\bbearer (?:\*{3}|\$|<)|bearer token"
        r"|auth(?:entication)? ?[:=] ?bearer",
    ),
    # --- what the person says about the credential ---
    Sign("app_password_words", r"(?<!create an )app[ _-]?passwords?\b(?! are recommended)"),
    Sign("access_token_words", r"\b(?:repo|repository|project|workspace)[ _]access[ _]tokens?\b"),
    Sign("api_token_words", r"\bapi[ _-]tokens?\b|\batlassian tokens?\b"),
    Sign("api_token_kind", r"x-bitbucket-api-token-auth|x-credential-type[\"']? ?[:=] ?[\"']?api_token"),
    Sign(
        "no_scopes",
        r"\bunscoped\b|\bscopeless\b|without (?:any )?(?:bitbucket )?scopes?\b|\bno scopes?\b"
        r"|x-oauth-scopes: (?:< )?(?:x-|content-|date: )|scopes?[\"']? ?[:=] ?(?:none|null|\[\]|\"\"|'')",
    ),
    Sign(
        "key_store",
        r"credential[ .-]helper(?!= )|credential[ -]?manager|git-credential|git credential|keychain|wincred|libsecret"
        r"|key ?store|gnome-keyring|passwd file|(?:cached|stored|saved) (?:old )?(?:credential|password|token|login)",
    ),
    Sign(
        "replaced",
        r"\b(?:old|previous) (?:token|password|credential|secret)|still (?:uses?|using|sends?) "
        r"|(?:rotat|replac|renew|updat|chang)(?:ed|ing) (?:the |my |a )?(?:api |access )?(?:token|credential|password)"
        r"|(?:with|pasted|got|made|created|have|has) (?:the |my |a )?new (?:api |access )?token",
    ),
    # --- what was asked ---
    Sign("own_user", r"/2\.0/user(?:/emails)?(?![\w/-])"),
    Sign("method_get", r"\bget (?:https?://|/)|request get\b"),
    Sign("method_delete", r"\bdelete (?:https?://|/)|-x ?delete\b|request delete\b"),
    Sign("method_write", r"\b(?:post|put|patch) (?:https?://|/)|-x ?(?:post|put|patch)\b|request (?:post|put)\b"),
)

_STATUS: Final = re.compile(
    r"(?:\bhttp(?:/[\d.]{1,3})?|status(?:[ _-]?code)?|returned(?: error)?|error|code|response|responded with|answered"
    r"|<-{0,3})[\"']? ?[:=( ]{0,2} ?[\"']?(?P<after>[45]\d\d)\b"
    r"|\b(?P<before>[45]\d\d)[ :)\"]{1,2}(?:\w{2,8} error\b|unauthorized|forbidden|not found|gone\b|too many|payment"
    r"|proxy auth|request entity|payload too|bad gateway|service (?:un|temp)|gateway time|internal server)"
    r"|\((?P<alone>[45]\d\d)\)"
)
# The first four letters of an Atlassian secret are public and the same for everybody; they tell its kind.
_KINDS: Final = (
    ("holds_api_token", re.compile(r"(?<![A-Za-z0-9])ATAT[A-Za-z0-9_=-]{8}")),
    ("holds_app_password", re.compile(r"(?<![A-Za-z0-9])ATBB[A-Za-z0-9_=-]{8}")),
    ("holds_access_token", re.compile(r"(?<![A-Za-z0-9])ATCT[A-Za-z0-9_=-]{8}")),
)


def signs_in(reading: Reading) -> dict[str, int]:
    """The signs of a text, each with the place where it was seen first; `status_401` for an HTTP status."""
    found: dict[str, int] = {}
    for sign in SIGNS:
        match = compiled(sign.pattern).search(reading.text)
        if match:
            found[sign.name] = match.start()
    for name, place in _statuses(reading.text):
        found.setdefault(name, place)
    if "elsewhere" in found and "bitbucket" not in found:
        found["foreign"] = found["elsewhere"]
    if "own_server" in found and "cloud" not in found:
        found["foreign"] = found["own_server"]
    return found


def kinds_in(raw: str) -> dict[str, int]:
    """Which kinds of Atlassian secrets stood in the text before it was masked: names, and nothing of the secrets.

    The place is -1, since no line of the masked text shows it.
    """
    return {name: -1 for name, pattern in _KINDS if pattern.search(raw)}


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, ready to search; for the patterns of signs and rules only."""
    return re.compile(pattern)


def _statuses(text: str) -> Iterator[tuple[str, int]]:
    for match in _STATUS.finditer(text):
        yield f"status_{match['after'] or match['before'] or match['alone']}", match.start()
