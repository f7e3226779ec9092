"""Refusals that name scopes, in every quoting and both dialects."""

from tests.tokens.catalogue.diagnosis.texts import Text, unable

_SAID = "Your credentials lack one or more required privilege scopes."
READ, WRITE = "read:repository:bitbucket", "write:repository:bitbucket"
READ_PR, WRITE_PR = "read:pullrequest:bitbucket", "write:pullrequest:bitbucket"


def _json(required: str, granted: str) -> str:
    detail = f'{{"required": {required}, "granted": {granted}}}'
    return f'{{"type": "error", "error": {{"message": "{_SAID}", "detail": {detail}}}}}'


def _scopes(text: str, *missing: str) -> Text:
    return Text("scopes_named", "missing_scope", text, tuple(sorted(missing)))


SCOPE_TEXTS = (
    _scopes(_json('["account"]', '["team"]'), "account"),
    _scopes(_json(f'["{READ_PR}"]', f'["{READ}"]'), READ_PR),
    _scopes(_json(f'["{READ_PR}", "{WRITE_PR}"]', f'["{READ_PR}"]'), WRITE_PR),
    _scopes(_json('["repository:write"]', '["repository", "pullrequest"]'), "repository:write"),
    # an implication that Bitbucket states is no lack
    _scopes(_json('["repository", "webhook"]', '["pullrequest"]'), "webhook"),
    # the trap: what is wanted is told in the classic dialect, what was granted in the other
    _scopes(_json('["pullrequest:write"]', f'["{READ_PR}"]'), WRITE_PR),
    _scopes(_json('["pullrequest:write"]', f'["{WRITE_PR}"]'), READ_PR),
    _scopes(_json('["repository"]', f'["{READ_PR}"]'), READ),
    _scopes(_json('["pullrequest:write"]', f'["{READ_PR}", "{WRITE_PR}"]')),
    _scopes(_json('["account"]', '["read:repository:bitbucket"]'), "read:user:bitbucket"),
    # the other way round: an access token, and a wish in granular names
    _scopes(_json(f'["{READ_PR}"]', '["repository"]'), READ_PR),
    _scopes(_json(f'["{READ}", "{WRITE}"]', '["repository"]'), WRITE),
    # both names for the same thing
    _scopes(_json(f'["pullrequest", "{READ_PR}"]', f'["{READ}"]'), READ_PR),
    _scopes(_json(f'["pullrequest", "{READ_PR}"]', '["repository"]'), "pullrequest"),
    _scopes(
        '{\n  "type": "error",\n  "error": {\n    "message": "' + _SAID + '",\n    "detail": {\n      "required": [\n'
        '        "pipeline:variable"\n      ],\n      "granted": [\n        "pipeline",\n        '
        '"repository"\n      ]\n    }\n  }\n}',
        "pipeline:variable",
    ),
    _scopes(
        "{'type': 'error', 'error': {'message': '"
        + _SAID
        + "', 'detail': {'granted': ['read:user:bitbucket'], 'required': "
        "['read:workspace:bitbucket']}}}",
        "read:workspace:bitbucket",
    ),
    _scopes(
        "oauth: Failed to fetch user profile (status: 403 data: "
        '{\\"type\\": \\"error\\", \\"error\\": {\\"message\\": \\"'
        + _SAID
        + '\\", \\"detail\\": {\\"required\\": [\\"account\\"], \\"granted\\": [\\"team\\"]}}})',
        "account",
    ),
    _scopes(
        f"BitbucketException: {_SAID} detail=Detail(required=[webhook], granted=[repository, pipeline])", "webhook"
    ),
    _scopes(
        f'level=error msg="{_SAID}" detail="map[granted:[repository] required:[repository:write]]"', "repository:write"
    ),
    _scopes(f'{{"error":{{"detail":{{"required":["{WRITE}"],"granted":["{READ}"]}},"message":"{_SAID}"}}}}', WRITE),
    _scopes(f"403: {_SAID} (required: read:workspace:bitbucket)", "read:workspace:bitbucket"),
    _scopes(f'"{_SAID}\\", \\"detail\\": {{\\"required\\": [\\"read:user:bitbucket\\"],', "read:user:bitbucket"),
    _scopes(f"remote: {_SAID}\nremote: Required: {READ}, {WRITE}\nremote: Granted: {READ}\n{unable(403)}", WRITE),
    _scopes(f"Array ( [message] => {_SAID} [detail] => Array ( [required] => Array ( [0] => account ) ) )", "account"),
    _scopes(_json('["project:admin"]', "[]"), "project:admin"),
    _scopes(_json('["repository:write"]', "null"), "repository:write"),
    _scopes("< x-credential-type: api_token\n" + _json('["repository:write"]', "[]"), WRITE),
    _scopes(
        "DELETE https://api.bitbucket.org/2.0/repositories/acme/web/hooks/1\n" + _json('["webhook"]', f'["{READ}"]'),
        "delete:webhook:bitbucket",
    ),
    _scopes(f"remote: {_SAID}\n{unable(403, 'emma')}"),
    Text(
        "scopes_in_headers",
        "missing_scope",
        "< HTTP/2 403\n< x-credential-type: api_token\n< x-oauth-scopes: read:pullrequest:bitbucket, "
        "read:repository:bitbucket\n"
        "< x-accepted-oauth-scopes: pullrequest:write\n< content-length: 0",
        (WRITE_PR,),
    ),
    Text(
        "scopes_in_headers",
        "missing_scope",
        "HTTP/2 403\nx-oauth-scopes: \nx-credential-type: repo_access_token\nx-accepted-oauth-scopes: account\n",
        ("account",),
    ),
    Text("own_user_forbidden", "missing_scope", "--> GET https://api.bitbucket.org/2.0/user\n<-- 403 Forbidden"),
    Text(
        "own_user_refused",
        "missing_scope",
        "Authentication failed. Failed to get user details. You do not have permission to access URL "
        "https://api.bitbucket.org/2.0/user.",
    ),
)
