"""No secret is in what was read, wherever it stood in the pasted text."""

import base64
import json
import shlex
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tokens.catalogue.operations.reading import ACME, API
from tests.tokens.catalogue.places import BEARING, SILENT, TELLING
from tokens.catalogue.adviser.answers import answer_for_calls
from tokens.catalogue.operations import find_calls, read_calls

URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
MARK = "S3cr3tMark"
"""Stands inside every made-up secret, so that a surviving half is seen as well."""
TOKENS = st.builds(
    lambda prefix, before, after: f"{prefix}{before}{MARK}{after}=12AB34CD",
    st.sampled_from(["AT" + "ATT3xFfGF0", "AT" + "CTT3xFfGN0", "AT" + "BB"]),
    st.text(URL_SAFE, max_size=20),
    st.text(URL_SAFE, min_size=8, max_size=150),
)
PASSWORDS = st.builds(
    lambda before, after: f"{before}{MARK}{after}",
    st.text(URL_SAFE + "!$.,#", max_size=8),
    st.text(URL_SAFE + "!$.,#", max_size=8),
)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


Place = Callable[[str], str]
# Calls with a secret in them, as they are pasted here.
CALLS: dict[str, Place] = {
    "-u": lambda s: f"curl -u {shlex.quote('emma@acme.test:' + s)} {ACME}/src",
    "-u after the address": lambda s: f"curl {ACME}/src -u{shlex.quote('emma:' + s)}",
    "-u on the next line": lambda s: f"curl {ACME}/src -u \\\n  {shlex.quote('emma:' + s)}",
    "-u on the next line, windows": lambda s: f"curl {ACME}/src -u ^\r\n  {shlex.quote('emma:' + s)}",
    "--user on the next line": lambda s: f"curl --user \\\n    {shlex.quote('emma:' + s)} \\\n  {ACME}/src",
    "coloured -u": lambda s: f"\x1b[1mcurl\x1b[0m -u \x1b[33m{shlex.quote('emma:' + s)}\x1b[0m {ACME}/src",
    "coloured header": lambda s: f"\x1b[36mAuthorization\x1b[39m: \x1b[33mBasic {_base64('e:' + s)}\x1b[39m",
    "coloured password": lambda s: f"password=\x1b[31m{shlex.quote(s)}\x1b[0m",
    "header": lambda s: f"curl -H 'Authorization: Basic {_base64('emma:' + s)}' {ACME}/src",
    "header on the next line": lambda s: (
        f"curl {ACME}/src \\\n  -H \\\n  'Authorization: Basic {_base64('emma:' + s)}'"
    ),
    "bearer": lambda s: f'curl --header "Authorization: Bearer {quote(s, safe="")}" {ACME}/src',
    "user information": lambda s: f"GET https://emma:{quote(s, safe='')}@api.bitbucket.org/2.0/user",
    "user information, git": lambda s: f"git clone https://x-token-auth:{quote(s, safe='')}@bitbucket.org/acme/web.git",
    "query": lambda s: f"GET {API}/user?access_token={quote(s, safe='')}&page=2",
    "body": lambda s: f"curl -d {shlex.quote(json.dumps({'password': s}))} {ACME}/src",
    "body over lines": lambda s: f"curl -d '{{\n  \"token\": {json.dumps(s)}\n}}' {ACME}/src",
    "form": lambda s: f"curl --data-urlencode {shlex.quote('client_secret=' + s)} {ACME}/src",
    "assignment": lambda s: f"export BB_TOKEN={shlex.quote(s)}\ncurl {ACME}/src",
    "assignment that is used": lambda s: f"BB_PASSWORD={shlex.quote(s)}\nGET {API}/repositories/$BB_PASSWORD/web",
    "before a command": lambda s: f"BB_TOKEN={shlex.quote(s)} git push",
    "substitution": lambda s: f"R=$(curl -u {shlex.quote('emma:' + s)} {ACME}/src)",
    "wget": lambda s: f"wget --user=emma --password={shlex.quote(s)} {ACME}/src",
    "credential helper": lambda s: (
        f"git -c credential.helper='!f() {{ echo \"password={quote(s, safe='')}\"; }}; f' push"
    ),
    "python": lambda s: f'requests.get("{API}/user", auth=("emma", ""), password={s!r})',
    "python over lines": lambda s: f'requests.get(\n  "{API}/user",\n  token={s!r},\n)',
    "javascript": lambda s: f"fetch('{API}/user', {{ headers: {{ 'Authorization': 'Basic {_base64('e:' + s)}' }} }})",
    "log": lambda s: f"2026-11-22 INFO GET /2.0/user password={shlex.quote(s)} 200",
    "trace": lambda s: (
        f"=> Send header: Authorization: Basic {_base64('emma:' + s)}\n=> Send header: Host: bitbucket.org"
    ),
    "yaml": lambda s: f"script:\n  - git push\n  password: {json.dumps(s)}\n",
}
# Calls where nothing but the beginning of a token gives it away.
SILENT_CALLS: dict[str, Place] = {
    "in the path": lambda s: f"GET {API}/repositories/acme/{quote(s, safe='')}/src",
    "as the method": lambda s: f"curl -X {shlex.quote(s)} {ACME}/src",
    "as a branch": lambda s: f"git push origin {s}",
    "as the host": lambda s: f"GET https://{quote(s, safe='')}.test/2.0/user",
    "as a git command": lambda s: f"git {s} origin",
    "as a variable": lambda s: f"REPO={s}\nGET {API}/repositories/$REPO/src",
    "in a comment": lambda s: f"git push # {s}",
    "base64 in a body": lambda s: (
        f"curl {ACME}/src -d '\n{base64.encodebytes(('x' * 90 + s + 'x' * 90).encode()).decode()}'"
    ),
    "scp": lambda s: f"git clone emma:{s}@bitbucket.org:acme/web.git",
    "split by a colour": lambda s: f"GET /2.0/user {s[:2]}\x1b[0m{s[2:]}",
    "split by nothing": lambda s: f"GET /2.0/user {s[:3]}\u200b{s[3:]}",
}


def _leaks(text: str) -> list[str]:
    """What of the answers to a text holds the secret, as it is or encoded."""
    calls = [*read_calls(text), *find_calls(text)[0]]
    answers = [*(call.text for call in calls), *(call.because for call in calls)]
    answers += [call.operation.name for call in calls if call.operation]
    answers.append(json.dumps(answer_for_calls(calls, [])))
    encoded = {base64.b64encode(b"\0" * shift + MARK.encode() + b"\0\0")[4:-4].decode() for shift in range(3)}
    throughout = "".join(f"%{ord(letter):02x}" for letter in MARK)
    return [answer for answer in answers if any(form in answer for form in {MARK, throughout, *encoded})]


@pytest.mark.parametrize("place", {**CALLS, **TELLING}.items(), ids=lambda place: place[0])
@settings(max_examples=25)
@given(secret=PASSWORDS | TOKENS)
def test_a_password_where_the_place_tells_of_it(place: tuple[str, Place], secret: str) -> None:
    assert not _leaks(place[1](secret))


@pytest.mark.parametrize("place", {**SILENT_CALLS, **SILENT}.items(), ids=lambda place: place[0])
@settings(max_examples=25)
@given(secret=TOKENS)
def test_a_token_wherever_it_stands(place: tuple[str, Place], secret: str) -> None:
    assert not _leaks(place[1](secret))


@pytest.mark.parametrize("place", BEARING.items(), ids=lambda place: place[0])
@settings(max_examples=25)
@given(after=st.text(URL_SAFE, min_size=6, max_size=60))
def test_an_opaque_token_that_is_borne(place: tuple[str, Place], after: str) -> None:
    assert not _leaks(place[1](f"{MARK}{after}=="))


@settings(max_examples=60)
@given(
    secret=TOKENS,
    places=st.lists(st.sampled_from([*CALLS.values(), *SILENT_CALLS.values()]), min_size=2, max_size=5),
)
def test_several_secrets_in_one_script(secret: str, places: list[Place]) -> None:
    assert not _leaks("\n".join(place(secret) for place in places))


def test_a_secret_does_not_hide_the_call_it_stands_in() -> None:
    text = CALLS["-u on the next line"]("hunter2")
    (call,) = read_calls(text)
    assert call.text == f"curl {ACME}/src -u emma:***"
    assert call.status == "matched"
