"""Where a secret can stand: each place is a function from a secret to a text as programs really write it."""

import base64
import json
import shlex
from collections.abc import Callable
from urllib.parse import quote, urlencode

Place = Callable[[str], str]


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _wrapped(text: str) -> str:
    return base64.encodebytes(text.encode()).decode()


# Places where the place itself says that a secret follows.
TELLING: dict[str, Place] = {
    "url password": lambda s: f"git clone https://emma:{quote(s, safe='')}@bitbucket.org/acme/web.git",
    "url fixed user": lambda s: f"https://x-token-auth:{quote(s, safe='')}@bitbucket.org/acme/web.git",
    "url e-mail user": lambda s: f"https://emma%40acme.test:{quote(s, safe='')}@api.bitbucket.org/2.0/user?a=b@c",
    "url lone": lambda s: f"fatal: unable to access 'https://{quote(s, safe='')}@bitbucket.org/acme/web.git/': 403",
    "url empty password": lambda s: f"https://{quote(s, safe='')}:@bitbucket.org/acme/web.git",
    "url in url": lambda s: "next=" + quote(f"https://emma:{quote(s, safe='')}@bitbucket.org/acme", safe=""),
    "url in json": lambda s: json.dumps({"href": f"https://emma:{quote(s, safe='')}@bitbucket.org/", "mail": "a@b.c"}),
    "curl -u": lambda s: f"curl -u {shlex.quote('emma@acme.test:' + s)} https://api.bitbucket.org/2.0/user",
    "curl -sSu": lambda s: f"curl -sSu {shlex.quote('emma:' + s)} https://api.bitbucket.org/2.0/user",
    "curl -u glued": lambda s: f"curl -u{shlex.quote('emma:' + s)} -X POST https://api.bitbucket.org/2.0/user",
    "curl -u half quoted": lambda s: f"curl -u emma:{shlex.quote(s)} https://api.bitbucket.org/2.0/user",
    "curl --user": lambda s: f"curl --user {shlex.quote('emma:' + s)} https://api.bitbucket.org/2.0/user",
    "curl --user=": lambda s: f"curl --user={shlex.quote('emma:' + s)} https://api.bitbucket.org/2.0/user",
    "basic header": lambda s: f"curl -H 'Authorization: Basic {_base64('emma:' + s)}' https://api.bitbucket.org",
    "basic header double quotes": lambda s: f'curl -H "authorization: basic {_base64("emma:" + s)}" https://x.test',
    "basic header dict": lambda s: str({"Authorization": f"Basic {_base64('emma:' + s)}", "Accept": "*/*"}),
    "basic header bytes": lambda s: str({b"Authorization": f"Basic {_base64('emma:' + s)}".encode()}),
    "basic header json": lambda s: json.dumps({"headers": {"Authorization": f"Basic {_base64('emma:' + s)}"}}),
    "basic header log": lambda s: f"> AUTHORIZATION: Basic {_base64('emma:' + s)}\r\n> Accept: */*\r\n",
    "git extra header": lambda s: f"git -c http.extraHeader='Authorization: Basic {_base64('emma:' + s)}' fetch",
    "cookie": lambda s: f"curl -H 'Cookie: sessionid={quote(s, safe='')}; a=b' https://x.test",
    "set-cookie": lambda s: f"< Set-Cookie: cloud.session.token={quote(s, safe='')}; Path=/; HttpOnly\r\n< X-A: b",
    "own header": lambda s: f"curl -H 'X-Auth-Token: {quote(s, safe='')}' https://x.test",
    "database": lambda s: f"postgres://portal:{quote(s, safe='')}@127.0.0.1:5432/portal",
    "redis": lambda s: f"redis://:{quote(s, safe='')}@127.0.0.1:6379/0",
    "docker config": lambda s: json.dumps({"auths": {"bitbucket.org": {"auth": _base64("emma:" + s)}}}),
    "environment": lambda s: f"export BITBUCKET_TOKEN={shlex.quote(s)}\ngit push",
    "environment password": lambda s: f"BITBUCKET_APP_PASSWORD={shlex.quote(s)} ./deploy.sh",
    "json": lambda s: json.dumps({"user": "emma", "password": s, "next": 1}),
    "json compact": lambda s: json.dumps({"user": "emma", "access_token": s, "next": 1}, separators=(",", ":")),
    "json in json": lambda s: json.dumps({"body": json.dumps({"client_secret": s, "n": 1})}),
    "python": lambda s: str({"user": "emma", "token": s, "n": 1}),
    "call": lambda s: f"Client(user='emma', password={s!r})",
    "query": lambda s: "GET /x?" + urlencode({"a": "b", "access_token": s, "c": "d"}),
    "form": lambda s: urlencode({"grant_type": "refresh_token", "refresh_token": s}),
    "code": lambda s: "GET /signin/bitbucket/callback/?" + urlencode({"code": s, "state": "x"}) + " 302",
    "encoded query": lambda s: "next=" + quote("/x?" + urlencode({"token": s}), safe=""),
    "yaml": lambda s: f"bitbucket:\n  user: emma\n  password: {json.dumps(s)}\n  retries: 3\n",
    "ini": lambda s: f"[bitbucket]\nuser = emma\ntoken = {json.dumps(s)}\n",
    "option": lambda s: f"tool login --token {shlex.quote(s)} --verbose",
    "option password": lambda s: f"tool login --password {shlex.quote(s)} --verbose",
    "docker login": lambda s: f"docker login -u emma -p {shlex.quote(s)} registry.test",
    "netrc": lambda s: f"machine bitbucket.org\nlogin emma\npassword {shlex.quote(s)}\n",
    "git credential": lambda s: f"protocol=https\nhost=bitbucket.org\nusername=emma\npassword={s}\n",
}

# Places that tell nothing: only the secret's own beginning can give it away.
SILENT: dict[str, Place] = {
    "alone": lambda s: s,
    "sentence": lambda s: f"My token is {s}, and it does not work.",
    "quoted": lambda s: f"got '{s}' and \"{s}\"",
    "several lines": lambda s: f"first\nsecond {s}\r\nthird\n{s}",
    "glued": lambda s: f"x{s}",
    "json escape": lambda s: json.dumps(f"a\n{s}"),
    "percent-encoded": lambda s: quote(s, safe=""),
    "percent-encoded twice": lambda s: quote(quote(s, safe=""), safe=""),
    "percent-encoded throughout": lambda s: "".join(f"%{ord(letter):02x}" for letter in s),
    "html": lambda s: f"<td>{s.replace('=', '&#x3D;')}</td>",
    "json with escaped equals": lambda s: json.dumps(s).replace("=", "\\u003d"),
    "argument": lambda s: f"git credential approve {s} --now",
    "path": lambda s: f"GET /x/{s}/y HTTP/1.1",
    "scp": lambda s: f"git clone emma:{s}@bitbucket.org/acme/web.git",
    "base64": lambda s: _base64(f"emma@acme.test:{s}"),
    "base64 shifted once": lambda s: _base64(f"x:{s}"),
    "base64 shifted twice": lambda s: _base64(f"xy:{s}"),
    "base64 wrapped": lambda s: "see:\n" + _wrapped(f"a rather long name {'x' * 40}@acme.test:{s}"),
}

# Places of an opaque access token of OAuth.
BEARING: dict[str, Place] = {
    "curl": lambda s: f"curl -H 'Authorization: Bearer {s}' https://api.bitbucket.org/2.0/user",
    "curl without quotes": lambda s: f"curl -H Authorization:\\ Bearer\\ {s} https://api.bitbucket.org/2.0/user",
    "curl without a space": lambda s: f'curl -H "Authorization:Bearer {s}" https://api.bitbucket.org/2.0/user',
    "no scheme": lambda s: f"Authorization: {s}\nAccept: */*",
    "unknown scheme": lambda s: f"Authorization: Negotiate {s}\nAccept: */*",
    "query": lambda s: "GET /x?" + urlencode({"Authorization": f"Bearer {s}", "a": "b"}),
    "json in json": lambda s: json.dumps({"request": json.dumps({"Authorization": f"Bearer {s}"})}),
    "bare": lambda s: f"sent bearer {s} to https://api.bitbucket.org",
    "answer": lambda s: json.dumps({"access_token": s, "token_type": "bearer", "expires_in": 7200}),
}
