"""Bitbucket's REST operations: which scopes each one asks for, and which of them a line of text means."""

from tokens.catalogue.operations.calls import find_calls, is_local_git, read_calls
from tokens.catalogue.operations.model import Call, CallStatus, Operation
from tokens.catalogue.operations.table import GIT_FETCH, GIT_PUSH, OPERATION_BY_NAME, OPERATIONS, TABLE

__all__ = [
    "GIT_FETCH",
    "GIT_PUSH",
    "OPERATIONS",
    "OPERATION_BY_NAME",
    "TABLE",
    "Call",
    "CallStatus",
    "Operation",
    "find_calls",
    "is_local_git",
    "read_calls",
]
