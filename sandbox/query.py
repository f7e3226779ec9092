"""A small reader for Bitbucket's `q`: comparisons joined by AND and OR, with brackets.

Source: https://developer.atlassian.com/cloud/bitbucket/rest/intro/#filtering
"""

import re
from collections.abc import Callable
from typing import Any

from sandbox.model import RANK

Predicate = Callable[[dict[str, Any]], bool]
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<op>!=|!~|>=|<=|=|~|>|<)|(?P<mark>[(),])|(?P<word>[^\s"=!~<>(),]+))"""
)
_CONSTANTS = {"true": True, "false": False, "null": None}


class QueryError(ValueError):
    """The text is no query."""


def field_of(record: dict[str, Any], path: str) -> Any:
    """Read a dotted path; None where there is nothing."""
    value: Any = record
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def predicate(text: str) -> Predicate:
    """Turn a query into a test of one record; raises QueryError."""
    reader = _Reader(text)
    test = reader.either()
    if reader.peek() is not None:
        raise QueryError(f"unexpected {reader.peek()!r}")
    return test


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens = _split(text)
        self._at = 0

    def peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def take(self) -> str:
        token = self.peek()
        if token is None:
            raise QueryError("the query ends too early")
        self._at += 1
        return token

    def either(self) -> Predicate:
        tests = [self.all_of()]
        while (self.peek() or "").upper() == "OR":
            self.take()
            tests.append(self.all_of())
        return lambda record: any(test(record) for test in tests)

    def all_of(self) -> Predicate:
        tests = [self.one()]
        while (self.peek() or "").upper() == "AND":
            self.take()
            tests.append(self.one())
        return lambda record: all(test(record) for test in tests)

    def one(self) -> Predicate:
        if self.peek() == "(":
            self.take()
            test = self.either()
            if self.take() != ")":
                raise QueryError("a bracket is open")
            return test
        path, operator = self.take(), self.take().upper()
        if operator == "NOT":
            operator = f"NOT {self.take().upper()}"
        return _comparison(path, operator, self.values() if operator.endswith("IN") else self.value())

    def value(self) -> Any:
        token = self.take()
        if token.startswith('"'):
            return re.sub(r"\\(.)", r"\1", token[1:-1])
        if token.lower() in _CONSTANTS:
            return _CONSTANTS[token.lower()]
        if re.fullmatch(r"-?\d+(\.\d+)?", token):
            return float(token)
        raise QueryError(f"{token!r} is no value")

    def values(self) -> list[Any]:
        if self.take() != "(":
            raise QueryError("IN needs a list in brackets")
        found = [self.value()]
        while self.peek() == ",":
            self.take()
            found.append(self.value())
        if self.take() != ")":
            raise QueryError("the list is open")
        return found


def _split(text: str) -> list[str]:
    tokens, at = [], 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            raise QueryError(f"cannot read {text[at:]!r}")
        tokens.append(found.group().strip())
        at = found.end()
    return tokens


def _comparison(path: str, operator: str, wanted: Any) -> Predicate:
    tests: dict[str, Callable[[Any], bool]] = {
        "=": lambda value: bool(value == wanted),
        "!=": lambda value: bool(value != wanted),
        "~": lambda value: str(wanted).lower() in str(value or "").lower(),
        "!~": lambda value: str(wanted).lower() not in str(value or "").lower(),
        ">": lambda value: _weight(value) > _weight(wanted),
        "<": lambda value: _weight(value) < _weight(wanted),
        ">=": lambda value: _weight(value) >= _weight(wanted),
        "<=": lambda value: _weight(value) <= _weight(wanted),
        "IN": lambda value: value in wanted,
        "NOT IN": lambda value: value not in wanted,
    }
    if operator not in tests:
        raise QueryError(f"{operator!r} is no comparison")
    test = tests[operator]
    return lambda record: test(field_of(record, path))


def _weight(value: Any) -> tuple[float, str]:
    """Order rights by their strength, numbers by size and everything else as text."""
    if isinstance(value, int | float):
        return (float(value), "")
    return (float(RANK.get(str(value), 0)), "" if str(value) in RANK else str(value))
