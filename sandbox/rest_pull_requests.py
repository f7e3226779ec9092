"""REST operations on open pull requests: those of a repository, and those of an author.

Source: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ . A page holds at most 50 of them
(https://github.com/jenkinsci/bitbucket-branch-source-plugin/pull/1182), and leaves reviewers out unless `fields` asks
for them (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#partial-response).
"""

import re
from typing import Any

from werkzeug.wrappers import Response

from sandbox import automation_shapes
from sandbox.answers import Refusal, bitbucket_error
from sandbox.context import Context
from sandbox.model import Repository
from sandbox.paging import chosen, page_of, same
from sandbox.rest import visible_workspace
from sandbox.rest_repositories import right_on, visible_repository
from sandbox.workspaces import Workspace

LONGEST = 50
_REVIEWER = re.compile(r'\s*reviewers\.uuid\s*=\s*"(?P<uuid>[^"]*)"\s*')
_REVIEWERS = {"+values.reviewers", "+values.*", "*"}


def pull_requests(context: Context, workspace: str, repository: str) -> Response:
    """GET /repositories/.../pullrequests: the open ones, by `q`."""
    owner, place = visible_repository(context, workspace, repository)
    return _page(context, _records(context, owner, place))


def pull_requests_of(context: Context, workspace: str, selected_user: str) -> Response:
    """GET /workspaces/.../pullrequests/{selected_user}: the open ones of an author that the caller may see."""
    owner = visible_workspace(context, workspace)
    author = context.world.account(selected_user)
    if author is None or selected_user == author.key:
        raise Refusal(bitbucket_error(404, f"No user with identifier '{selected_user}'."))
    reached = (one for one in owner.repositories if right_on(context, owner, one) != "none")
    found = [record for place in reached for record in _records(context, owner, place)]
    return _page(context, [one for one in found if one.get("author", {}).get("uuid") == author.uuid])


def _records(context: Context, owner: Workspace, place: Repository) -> list[dict[str, Any]]:
    if "OPEN" not in (context.request.args.getlist("state") or ["OPEN"]):
        return []
    people, base = context.world.accounts, context.base_url
    known = owner.automation.pull_requests.get(place.uuid, [])
    return [automation_shapes.pull_request(one, place, people, base) for one in known]


def _page(context: Context, records: list[dict[str, Any]]) -> Response:
    asked = context.request.args.get("q", "")
    found = _by_reviewer(context, records, asked) if "reviewers." in asked else chosen(context.request, records)
    is_whole = bool(_REVIEWERS & set(context.request.args.get("fields", "").split(",")))
    return page_of(context.request, found, same if is_whole else _without_reviewers, longest=LONGEST)


def _by_reviewer(context: Context, records: list[dict[str, Any]], asked: str) -> list[dict[str, Any]]:
    """Narrow by one reviewer; the vendor's documents do not say that this works."""
    mode, wanted = context.world.switches.reviewer_filter, _REVIEWER.fullmatch(asked)
    if mode == "ignored":
        return records
    if mode == "refused" or wanted is None:
        raise Refusal(bitbucket_error(400, "Invalid query: this field cannot be filtered by."))
    return [one for one in records if wanted["uuid"] in {person["uuid"] for person in one["reviewers"]}]


def _without_reviewers(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "reviewers"}
