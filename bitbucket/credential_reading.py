"""What Bitbucket says about a pasted credential: one request, and the secret lives as long as the call."""

import re
from dataclasses import dataclass, replace

from bitbucket.credentials import Basic, Bearer, Credential
from bitbucket.errors import RemoteError
from bitbucket.failures import error_from_answer, scopes_from_header, scopes_in_refusal
from bitbucket.fields import Fields
from bitbucket.masking import excerpt
from bitbucket.protocol import Answer, Request, json_from_answer, path
from bitbucket.transport import Transport

DEADLINE_SECONDS = 5.0
_ACCOUNT_ID = re.compile(r"[A-Za-z0-9_|:\-]{1,128}")


@dataclass(frozen=True)
class CredentialReading:
    """One look at a credential.

    Args:
        status: Bitbucket's HTTP status, or None when there was no answer. 200, 401 and 403 tell something.
        credential_type: the raw `x-credential-type`, or None.
        scopes: the granted scopes as Bitbucket spells them; empty = it grants none; None = it did not tell.
        account_id: whose it is; only a 200 tells.
        failure: empty, or why this look cannot be relied on, in words without a secret.
    """

    status: int | None
    credential_type: str | None
    scopes: frozenset[str] | None
    account_id: str | None
    failure: str


def read_credential(
    transport: Transport, *, email: str, secret: str, deadline_seconds: float = DEADLINE_SECONDS
) -> CredentialReading:
    """Ask GET /user as `email:secret` and read what the answer tells about the credential.

    A token without read:user:bitbucket gets a 403 that still names its scopes: an answer, not a failure.

    Args:
        transport: below the API's base URL, `/2.0` included; its budget is spent.
        email: the Atlassian account's address.
        secret: the API token.
        deadline_seconds: for the whole call.

    Returns:
        The reading; network trouble and odd answers are `failure` texts, never exceptions.
    """
    try:
        credential = Basic(email, secret)
    except ValueError as problem:
        return CredentialReading(None, None, None, None, str(problem))
    return _asked(transport, credential, deadline_seconds)


def read_access_token(
    transport: Transport, *, secret: str, deadline_seconds: float = DEADLINE_SECONDS
) -> CredentialReading:
    """Ask GET /user with an access token of a repository, project or workspace.

    Such a token belongs to nobody, so the usual answer is a 403; its headers name the token's kind and scopes all the
    same (https://support.atlassian.com/bitbucket-cloud/kb/how-to-fetch-the-scope-of-a-token-via-command-line). Should
    it be a 200, nobody's name has to stand in it.

    Args:
        transport: below the API's base URL, `/2.0` included; its budget is spent.
        secret: the access token.
        deadline_seconds: for the whole call.

    Returns:
        The reading; network trouble and odd answers are `failure` texts, never exceptions.
    """
    try:
        credential = Bearer(secret)
    except ValueError as problem:
        return CredentialReading(None, None, None, None, str(problem))
    reading = _asked(transport, credential, deadline_seconds)
    return replace(reading, failure="") if reading.status == 200 and reading.scopes is not None else reading


def _asked(transport: Transport, credential: Credential, deadline_seconds: float) -> CredentialReading:
    request = Request("cloud.read_credential", "GET", path("user"), credential=credential)
    try:
        answer = transport.send(request, deadline_seconds=deadline_seconds)
    except RemoteError as error:
        return CredentialReading(error.status, None, None, None, str(error))
    return _reading(answer)


def _reading(answer: Answer) -> CredentialReading:
    kind = _credential_type(answer)
    if answer.status == 200:
        account_id, failure = _holder(answer)
        return CredentialReading(200, kind, scopes_from_header(answer), account_id, failure)
    if answer.status == 403:
        granted = scopes_in_refusal(answer, "granted")
        return CredentialReading(403, kind, scopes_from_header(answer) if granted is None else granted, None, "")
    failure = "" if answer.status == 401 else str(error_from_answer(answer))
    return CredentialReading(answer.status, kind, None, None, failure)


def _credential_type(answer: Answer) -> str | None:
    value = answer.header("x-credential-type")
    return None if value is None else excerpt(value, secrets=answer.secrets(), longest=64)


def _holder(answer: Answer) -> tuple[str | None, str]:
    try:
        account_id = Fields(answer, json_from_answer(answer)).text("account_id")
    except RemoteError as error:
        return None, str(error)
    if not _ACCOUNT_ID.fullmatch(account_id):
        return None, f"{answer.operation}: the answer names no usable account_id"
    return account_id, ""
