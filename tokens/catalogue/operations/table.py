"""The operation table in memory: Bitbucket's REST operations, and git beside them."""

from typing import Final

from tokens.catalogue.data.api_scopes import SUFFIX
from tokens.catalogue.operations.model import Operation
from tokens.catalogue.operations.table_file import read_table

_READ: Final = "read:repository" + SUFFIX
_WRITE: Final = "write:repository" + SUFFIX

TABLE: Final = read_table()
OPERATIONS: Final[tuple[Operation, ...]] = TABLE.operations

# git is in no REST document. No API-token scope implies another, so a push needs both; the classic one includes reading
# (https://developer.atlassian.com/cloud/bitbucket/rest/intro/).
GIT_FETCH: Final = Operation("git", "fetch", ("repository",), (_READ,))
GIT_PUSH: Final = Operation("git", "push", ("repository:write",), (_READ, _WRITE))
# `git commit` and its like never leave the machine.
GIT_LOCAL: Final = Operation("git", "local", None, None)

OPERATION_BY_NAME: Final[dict[str, Operation]] = {
    operation.name: operation for operation in (*OPERATIONS, GIT_FETCH, GIT_PUSH)
}
