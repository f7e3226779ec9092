"""Short ways to say in a test what a text means."""

from tokens.catalogue.operations import Call, read_calls

REPOSITORY = "/repositories/{workspace}/{repo_slug}"
PULL_REQUESTS = f"{REPOSITORY}/pullrequests"
PULL_REQUEST = f"{PULL_REQUESTS}/{{pull_request_id}}"
API = "https://api.bitbucket.org/2.0"
ACME = f"{API}/repositories/acme/web"


def told(call: Call) -> str:
    """The name of a call's operation, or its status where it has none."""
    if call.status == "matched" and call.operation:
        return call.operation.name
    return call.status


def meanings(text: str) -> list[str]:
    """What each call of a text means."""
    return [told(call) for call in read_calls(text)]


def found_in(text: str) -> list[str]:
    """What a text means, lines without a call left out."""
    return [told(call) for call in read_calls(text) if "no call" not in call.because]


def reason(text: str) -> str:
    """Why the only call of a text is unknown."""
    (call,) = read_calls(text)
    assert call.status == "unknown"
    assert call.operation is None
    return call.because
