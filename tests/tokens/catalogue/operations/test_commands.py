"""curl, wget, HTTPie and PowerShell: the method and the addresses, whatever the order of the options."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tokens.catalogue.operations.reading import ACME, API, PULL_REQUEST, PULL_REQUESTS, REPOSITORY, meanings

LIST, OPEN = f"GET {PULL_REQUESTS}", f"POST {PULL_REQUESTS}"
AT = f"{ACME}/pullrequests"
# Options that change nothing about what is called.
HARMLESS = (
    "-s",
    "-sSL",
    "-f",
    "-v",
    "--fail-with-body",
    "--ssl-no-revoke",
    "--no-progress-meter",
    "--http2",
    "-o out.json",
    "-oout.json",
    "--output=out.json",
    "-w '%{http_code}\\n'",
    "-u 'emma@acme.test:***'",
    "-uemma:***",
    '--user "emma:$TOKEN"',
    "-H 'Accept: application/json; charset=utf-8'",
    '-H "Authorization: Bearer $TOKEN"',
    '--header="X-Note: a && b | c"',
    "-x http://proxy.acme.test:3128",
    "-e https://acme.test/from",
    "-b 'a=b; c=d'",
    "-m 10",
    "--max-time 10",
    "--retry 3",
    "--cacert /etc/ssl/ca.pem",
    "-A 'Mozilla/5.0 (X11; GET /2.0/user)'",
)
# What decides the method, and the method it makes.
DECIDING = (
    ("", "GET"),
    ("-X GET", "GET"),
    ("-XPOST", "POST"),
    ("-X POST", "POST"),
    ("-X 'POST'", "POST"),
    ("-sXPOST", "POST"),
    ("--request POST", "POST"),
    ("--request=POST", "POST"),
    ("-X post", "POST"),
    ('-d \'{"title": "x; y && z"}\'', "POST"),
    ("-d@body.json", "POST"),
    ("--data-raw '{}'", "POST"),
    ("--data-urlencode 'a=b'", "POST"),
    ("--json '{}'", "POST"),
    ("-F 'a=@b.zip'", "POST"),
    ("--form=a=b", "POST"),
    ("-G -d 'q=state=\"OPEN\"'", "GET"),
    ("--get --data-urlencode q=x", "GET"),
    ("-I", "GET"),
    ("--head", "GET"),
    ("-X GET -d '{}'", "GET"),
    ("-d '{}' -X POST -X GET", "GET"),
)
ADDRESSES = (f"'{AT}'", f'"{AT}?a=b&c=d"', AT, f"--url {AT}", f"--url={AT}", f"{AT}?a=b&c=d")
AFTER = (
    "",
    " | jq -r '.values[].id'",
    " > out.json",
    " 2>/dev/null >out",
    " && echo done",
    "; exit 0",
    " || exit 1",
    " # GET it",
)
BEFORE = (
    "",
    "$ ",
    "+ ",
    "- ",
    "> ",
    "root@ci:/app# ",
    "sudo ",
    "time ",
    "RUN ",
    "      - ",
    "[2026-11-22T10:00:00Z] + ",
    "IDS=$(",
    "if ",
)


@settings(max_examples=400)
@given(
    decision=st.sampled_from(DECIDING),
    address=st.sampled_from(ADDRESSES),
    options=st.lists(st.sampled_from(HARMLESS), max_size=5),
    place=st.integers(0, 7),
    before=st.sampled_from(BEFORE),
    after=st.sampled_from(AFTER),
    breaks=st.sampled_from([" ", " \\\n  ", " \\\r\n\t", " ^\n  ", " `\n  "]),
)
def test_curl_in_every_order(
    decision: tuple[str, str], address: str, options: list[str], place: int, before: str, after: str, breaks: str
) -> None:
    deciding, method = decision
    words = [*options[:place], address, *options[place:]]
    words.insert(min(place // 2, len(words)), deciding)
    closing = ")" if before.endswith("$(") else ""
    line = before + breaks.join(["curl", *filter(None, words)]) + closing + ("" if closing else after)
    assert meanings(line) == [f"{method} {PULL_REQUESTS}"], line


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"curl -T app.zip {ACME}/downloads", ["unknown"]),
        (f"curl -T app.zip -X POST {ACME}/downloads", [f"POST {REPOSITORY}/downloads"]),
        (f"curl {API}/user {API}/user/emails", ["GET /user", "GET /user/emails"]),
        (f"curl --url {API}/user --url {API}/user/emails", ["GET /user", "GET /user/emails"]),
        (f"curl -X POST {AT} --next {API}/user", [OPEN, "GET /user"]),
        (f"curl {API}/user && curl -X DELETE {ACME}", ["GET /user", f"DELETE {REPOSITORY}"]),
        (f"curl {API}/user;curl {API}/user/emails", ["GET /user", "GET /user/emails"]),
        (f"curl https://example.test/x && curl {API}/user", ["unknown", "GET /user"]),
        (f'curl -d \'{{"a": "curl {API}/user"}}\' {AT}', [OPEN]),
        (f"curl -X $METHOD {AT}", ["unknown"]),
        ("curl -X POST $URL", ["unknown"]),
        (f"/usr/bin/curl {AT}", [LIST]),
        (f"curl.exe {AT}", [LIST]),
        (f"docker run --rm curlimages/curl -X POST {AT}", [OPEN]),
        (f'bash -c "curl -X POST {AT}"', [OPEN]),
        (f"sh 'curl -X POST {AT}'", [OPEN]),
        (f'sh script: "curl -u ${{A}}:${{B}} -X POST {AT}", returnStdout: true', [OPEN]),
        (f"RESPONSE=`curl -s -X POST {AT}`", [OPEN]),
        (f'RESPONSE="$(curl -s -u "$(cat user):$(cat key)" -X POST {AT})"', [OPEN]),
        (f"for p in 1 2; do curl {AT}?page=$p; done", [LIST]),
        (f"# curl {AT}", [LIST]),
        (f'curl {AT}/"$ID"/merge -X POST', [f"POST {PULL_REQUEST}/merge"]),
        ('curl -X POST "$BASE/repositories/$WS/$REPO/pullrequests"', [OPEN]),
        (f"wget {AT}", [LIST]),
        (f"wget -qO- --user=emma --password=*** {AT}", [LIST]),
        (f"wget -q -O out.json {AT}", [LIST]),
        (f'wget --header "Authorization: Bearer x" {AT}', [LIST]),
        (f"wget --post-data='{{}}' {AT}", [OPEN]),
        (f"wget --post-file body.json {AT}", [OPEN]),
        (f"wget --method=POST {AT}", [OPEN]),
        (f"wget --method POST --body-data '{{}}' {AT}", [OPEN]),
        (f"http {AT}", [LIST]),
        (f"http -a emma:*** {AT}", [LIST]),
        (f"http --auth emma:*** POST {AT} title=x", [OPEN]),
        (f"http {AT} title=x", [OPEN]),
        (f"http {AT} draft:=true", [OPEN]),
        (f"http {AT} q==x 'Authorization:Bearer a='", [LIST]),
        ("https api.bitbucket.org/2.0/user", ["GET /user"]),
        (f"xh post {AT}", [OPEN]),
        (f"Invoke-RestMethod {AT}", [LIST]),
        (f"irm {AT} -Headers $h", [LIST]),
        (f"Invoke-RestMethod -Uri '{AT}' -Method Post -Body $body", [OPEN]),
        (f"Invoke-RestMethod -Method POST -Uri {AT}", [OPEN]),
        (f"$r = Invoke-WebRequest -UseBasicParsing -Uri \"{AT}\" -Method 'Post'", [OPEN]),
        (f"invoke-webrequest -usebasicparsing {AT}", [LIST]),
        ('Invoke-RestMethod -Uri "$base/repositories/$ws/$repo/pullrequests" -Method Default', [LIST]),
    ],
)
def test_commands_as_people_paste_them(line: str, expected: list[str]) -> None:
    assert meanings(line) == expected


@pytest.mark.parametrize(
    "line", ["curl", "curl --help", "curl -X POST", "use curl to check it", "the http method is GET"]
)
def test_the_name_of_a_program_alone_is_no_call(line: str) -> None:
    assert meanings(line) == ["unknown"]
