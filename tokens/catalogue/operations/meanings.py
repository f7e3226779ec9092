"""From an address or a git command to the call it means."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from tokens.catalogue.operations.addresses import NO_OPERATION, NOT_BITBUCKET, Address, read_address
from tokens.catalogue.operations.curl import METHODS
from tokens.catalogue.operations.git import GitCommand, address_of, is_git_host, read_git, service_in
from tokens.catalogue.operations.model import Call
from tokens.catalogue.operations.paths import operation_at
from tokens.catalogue.operations.removals import removal_of
from tokens.catalogue.operations.table import GIT_FETCH, GIT_LOCAL, GIT_PUSH
from tokens.catalogue.operations.variables import Values

NOT_API: Final = "this is a page of Bitbucket's website, not its API"
ONLY_REPOSITORY: Final = "this is a repository's address, but not what git does with it"
NO_METHOD: Final = "the line names an address of the API, but not whether it reads or writes"
NO_GIT_COMMAND: Final = "this git command is not known here"

HIDDEN_ADDRESS: Final = "the address was hidden because it stands where a secret could stand"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a line is read with: the hosts of the API, and the values that the whole text gives to its names."""

    api_hosts: Collection[str]
    values: Values

    def address(self, word: str) -> Address:
        """Where a word leads, with known values filled in."""
        return read_address(self.values.filled(word), api_hosts=self.api_hosts)

    def is_address(self, word: str) -> bool:
        """Whether a word is meant as an address, although it may not be one that can be read."""
        address = self.address(word)
        return address.place != "unclear" or "repositories/" in word or "://" in word or word[:1] in tuple("/$")


def web_call(line: str, method: str, word: str, reading: Reading) -> Call:
    """What a method and an address mean; no method where the line does not say it."""
    address = reading.address(word)
    service = service_in(word)
    if service and address.place in ("web", "unclear"):
        return Call(line, "matched", GIT_PUSH if service == "push" else GIT_FETCH)
    if address.place == "web":
        is_repository = "".join(address.segments[-1:]).endswith(".git")
        return Call(line, "unknown", because=ONLY_REPOSITORY if is_repository else NOT_API)
    if address.place != "api":
        return Call(line, "unknown", because=address.because)
    if method not in METHODS:
        return Call(line, "unknown", because=NO_METHOD)
    return _api_call(line, method, address)


def _api_call(line: str, method: str, address: Address) -> Call:
    operation = operation_at(method, address.segments)
    removal = removal_of("GET" if method == "HEAD" else method, "/" + "/".join(address.segments).rstrip("/"))
    if removal and (operation is None or operation.removed_on):
        return Call(line, "removed", operation, removal.words)
    if operation is None:
        return Call(line, "unknown", because=NO_OPERATION)
    if operation.removed_on:
        return Call(line, "removed", operation, "Bitbucket removed this operation")
    return Call(line, "matched", operation)


def git_call(line: str, words: Sequence[str], reading: Reading) -> Call:
    """What `git …` means. `words` follow the program's name."""
    command = read_git([reading.values.filled(word) for word in words])
    if command.effect == "unknown":
        return Call(line, "unknown", because=NO_GIT_COMMAND)
    if command.effect == "local":
        return Call(line, "matched", GIT_LOCAL, f"{command.name} stays on this machine and needs no credential")
    return _with_server(line, command)


def _with_server(line: str, command: GitCommand) -> Call:
    if command.is_hidden:
        return Call(line, "unknown", because=HIDDEN_ADDRESS)
    if command.is_elsewhere:
        return Call(line, "unknown", because=NOT_BITBUCKET)
    if command.is_wiki:
        removal = removal_of("GET", "/repositories/{workspace}/{repo_slug}/wiki")
        assert removal is not None
        return Call(line, "removed", because=removal.words)
    return Call(line, "matched", GIT_PUSH if command.effect == "push" else GIT_FETCH)


def fetch_call(line: str, word: str, reading: Reading) -> Call | None:
    """What a program means that fetches a repository from an address; None where the word is none."""
    address = address_of(reading.values.filled(word))
    if address is None:
        return None
    return git_service(line, address[0], "git-upload-pack")


def git_service(line: str, host: str, service: str) -> Call:
    """What one of git's two services means on a host."""
    if not is_git_host(host):
        return Call(line, "unknown", because=NOT_BITBUCKET)
    return Call(line, "matched", GIT_PUSH if service == "git-receive-pack" else GIT_FETCH)
