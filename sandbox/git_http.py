"""git's smart protocol: decided here, spoken by `git http-backend`."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

from werkzeug.wrappers import Request, Response

from sandbox.answers import NO_ACCESS, Refusal, as_text
from sandbox.context import Context
from sandbox.git_access import check_access, credential_for_git
from sandbox.git_repositories import bare_repository, quiet_environment
from sandbox.model import Repository
from sandbox.workspaces import Workspace

_SERVICES = {"git-upload-pack": "fetch", "git-receive-pack": "push"}
_CHUNK = 65_536


def info_refs(context: Context, workspace: str, repository: str) -> Response:
    """GET /{workspace}/{repository}.git/info/refs."""
    return _answer(context, workspace, repository, context.request.args.get("service", ""), "/info/refs")


def service(context: Context, workspace: str, repository: str, name: str) -> Response:
    """POST /{workspace}/{repository}.git/{git-upload-pack or git-receive-pack}."""
    return _answer(context, workspace, repository, name, f"/{name}")


def _answer(context: Context, workspace: str, repository: str, name: str, tail: str) -> Response:
    verb = _SERVICES.get(name)
    if verb is None:
        return as_text("Only git's smart protocol is spoken here.\n", 403)
    owner, found = _found(context, workspace, repository)
    credential = check_access(context, owner, found, verb)
    folder = context.world.store.git_folder
    path = bare_repository(folder, found)
    environment = quiet_environment(folder) | {
        "GIT_PROJECT_ROOT": str(folder),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": f"/{path.name}{tail}",
        "REMOTE_USER": credential.label,
        **_request_environment(context.request),
    }
    return _backend(context.request, environment)


def _found(context: Context, workspace: str, repository: str) -> tuple[Workspace, Repository]:
    owner = context.world.workspaces.get(workspace)
    found = owner.repository(repository) if owner else None
    if owner is None or found is None:
        credential_for_git(context)
        raise Refusal(as_text(NO_ACCESS + "\n", 404))
    return owner, found


def _request_environment(request: Request) -> dict[str, str]:
    values = {
        "REQUEST_METHOD": request.method,
        "QUERY_STRING": request.query_string.decode("latin-1"),
        "CONTENT_TYPE": request.content_type or "",
        "REMOTE_ADDR": request.remote_addr or "",
    }
    named = {"Git-Protocol": "GIT_PROTOCOL", "Content-Encoding": "HTTP_CONTENT_ENCODING"}
    values |= {name: request.headers[header] for header, name in named.items() if header in request.headers}
    if request.content_length is not None:
        values["CONTENT_LENGTH"] = str(request.content_length)
    return values


def _backend(request: Request, environment: dict[str, str]) -> Response:
    process = subprocess.Popen(
        ["git", "http-backend"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    feeder = threading.Thread(target=_feed, args=(request, process.stdin), daemon=True)
    feeder.start()
    status, headers = _head(process.stdout)
    body = _body(process, process.stdout, feeder)
    return Response(body, status=status, headers=headers, direct_passthrough=True)


def _feed(request: Request, pipe: IO[bytes]) -> None:
    with suppress(OSError), pipe:
        while request.method == "POST" and (chunk := request.stream.read(_CHUNK)):
            pipe.write(chunk)


def _head(output: IO[bytes]) -> tuple[int, list[tuple[str, str]]]:
    status, headers = 200, []
    while line := output.readline().decode("latin-1").strip():
        name, _, value = line.partition(":")
        if name.lower() == "status":
            status = int(value.split()[0])
        else:
            headers.append((name, value.strip()))
    return status, headers


def _body(process: "subprocess.Popen[bytes]", output: IO[bytes], feeder: threading.Thread) -> Iterator[bytes]:
    try:
        while chunk := output.read1(_CHUNK):  # type: ignore[attr-defined]
            yield chunk
    finally:
        output.close()
        _end(process)
        feeder.join(timeout=5)


def _end(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
