"""Whatever is pasted: an answer for every line, never an exception, the same answer every time."""

import json
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.tokens.catalogue.operations.reading import ACME
from tokens.catalogue.adviser.answers import answer_for_calls
from tokens.catalogue.operations import find_calls, read_calls
from tokens.catalogue.operations.calls import LONGEST_LINE
from tokens.catalogue.operations.words import commands_of, lines_of

# Pieces that mean something to one of the readers, in orders nobody would write.
PIECES = st.sampled_from(
    [
        *(
            "curl",
            "git",
            "wget",
            "http",
            "irm",
            "push",
            "clone",
            "GET",
            "POST",
            "get",
            "-X",
            "--request=",
            "-d",
            "-u",
            "-C",
        ),
        *(
            "https://",
            "api.bitbucket.org",
            "/2.0/",
            "repositories/",
            "user",
            "//",
            "$WS",
            "${",
            "}",
            "{{",
            "}}",
            "<",
            ">",
        ),
        *(
            "%7B",
            "%",
            "%zz",
            "'",
            '"',
            "`",
            "\\",
            "\\\n",
            "\n",
            "\r",
            ";",
            "&&",
            "|",
            "(",
            ")",
            "[",
            "]",
            "$(",
            ",",
            "+",
        ),
        *(
            "requests.get(",
            "fetch(",
            '["git",',
            "method=",
            "url:",
            "HTTP/1.1",
            "Host: x",
            "...",
            "…",
            "\x1b[31m",
            "\x1b]8;;",
        ),
        *(
            "=",
            ":",
            "#",
            "#{",
            "?",
            "@",
            ".git",
            "/wiki",
            "git-upload-pack",
            "***",
            "A=b",
            "\x00",
            "\ufeff",
            "\ud800",
            "İ",
        ),
        " ",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=25).map("".join)


@settings(max_examples=500)
@given(TEXTS | st.text())
@example("")
@example("\\")
@example("\\\n")
@example("curl")
@example("git")
@example("curl -")
@example("//")
@example("https://")
@example("GET ///")
@example("GET https://bitbucket.org/")
@example("curl https://bitbucket.org")
@example("GET https://$HOST")
@example("{a}://")
def test_nothing_raises_and_every_line_is_answered(text: str) -> None:
    calls = read_calls(text)
    for call in calls:
        assert call.text.strip()
        assert call.status in {"matched", "unknown", "removed"}
        assert (call.operation is not None) if call.status == "matched" else call.because
        assert call.status != "unknown" or call.operation is None
    assert read_calls(text) == calls
    found, skipped = find_calls(text)
    assert skipped + len(found) <= len(calls)
    json.dumps(answer_for_calls(calls, []))


def test_a_line_that_is_too_long_is_named_as_such() -> None:
    (long, short) = read_calls(f"GET {ACME}?q={'x' * LONGEST_LINE}\nGET {ACME}")
    assert (long.status, long.because) == ("unknown", "this line is too long to be read")
    assert short.status == "matched"


@given(st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="\\^`")).filter(bool))
def test_a_line_that_is_not_empty_is_never_lost(line: str) -> None:
    assert read_calls(line)
    assert len(read_calls(f"{line}\n\n  \n{line}")) == 2 * len(read_calls(line))


@given(TEXTS | st.text())
def test_words_and_lines_keep_what_is_visible(text: str) -> None:
    for line in lines_of(text):
        assert line == line.strip() != ""
        assert "\n" not in line
        assert all(isinstance(word, str) for command in commands_of(line) for word in command)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "a",
            "'",
            '"',
            "`",
            "\\",
            "\\\n",
            "(",
            "[",
            "{",
            "$(",
            "${",
            "{{",
            "<",
            "%7B",
            "/",
            "//",
            "a/",
            "GET ",
            "GET|",
        ),
        *(
            "curl ",
            "curl -d '\n",
            "git ",
            "requests.get(",
            "requests.get(\n",
            'f("',
            "a=b\n",
            "A=$A/$A\n",
            "x,",
            "x.",
            "\x1b]",
        ),
        *(
            f"GET {ACME} ",
            "GET /user HTTP/1.1\n",
            "https://",
            "git+https://",
            "ssh ",
            "method=",
            "<a> ",
            "-u ",
            "A: b\n",
        ),
    ],
)
def test_a_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    whole = (piece * 50_000)[:50_000]
    text = "\n".join(whole[start : start + LONGEST_LINE] for start in range(0, len(whole), LONGEST_LINE))
    started = time.perf_counter()
    read_calls(text)
    assert time.perf_counter() - started < 10
