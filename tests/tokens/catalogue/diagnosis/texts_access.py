"""A good credential that may not do this: rights, branches, keys, networks, plans, limits, removed endpoints."""

from tests.tokens.catalogue.diagnosis.texts import NO_ACCESS, Text, refused, unable

_COULD_NOT_READ = (
    "fatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\n"
    "and the repository exists."
)
_REJECTED = (
    "To https://bitbucket.org/acme/web.git\n ! [remote rejected] main -> main (pre-receive hook declined)\n"
    "error: failed to push some refs to 'https://bitbucket.org/acme/web.git'"
)
_API = "https://api.bitbucket.org/2.0"

ACCESS_TEXTS = (
    Text("no_access_said", "no_access_or_not_found", f"Cloning into 'web'...\n{NO_ACCESS}\n{unable(403, 'emma')}"),
    Text("no_access_said", "no_access_or_not_found", f"{NO_ACCESS}\n{refused('x-token-auth')}"),
    Text(
        "no_access_said",
        "no_access_or_not_found",
        "remote: The requested repository either does not exist or you do not have access. If you believe this "
        f"repository exists and you have access, make sure you're authenticated.\n{unable(403)}",
    ),
    Text(
        "no_access_said",
        "no_access_or_not_found",
        'HTTP/2 404\n{"type":"error","error":{"message":"You may not have access to this repository or it no longer '
        'exists in this workspace. If you think this repository exists..."}}',
    ),
    Text(
        "not_found",
        "no_access_or_not_found",
        '{"type": "error", "error": {"message": "Repository acme/webb not found"}}',
    ),
    Text("not_found", "no_access_or_not_found", "fatal: repository 'https://bitbucket.org/acme/webb.git/' not found"),
    Text("not_found", "no_access_or_not_found", "There is no API hosted at this URL."),
    Text("status_404", "no_access_or_not_found", f"404 Client Error: Not Found for url: {_API}/repositories/acme/webb"),
    Text("forbidden", "no_access_or_not_found", f"$ git clone\n{unable(403)}"),
    Text("forbidden", "no_access_or_not_found", f"403 Client Error: Forbidden for url: {_API}/repositories/acme/web"),
    Text("said_forbidden", "no_access_or_not_found", '{"type": "error", "error": {"message": "Forbidden"}}'),
    Text(
        "right_missing",
        "no_access_or_not_found",
        "HTTP/2.0 403 Forbidden\n"
        '{"type":"error","error":{"message":"Access denied. You must have write or admin access."}}',
    ),
    Text(
        "key_without_right",
        "no_access_or_not_found",
        f"$ git clone git@bitbucket.org:acme/web.git\nForbidden\n{_COULD_NOT_READ}",
    ),
    Text(
        "key_without_right",
        "no_access_or_not_found",
        f"conq: repository does not exist.\n{_COULD_NOT_READ}",
    ),
    Text(
        "rate_limit", "rate_limited", "HTTP/1.1 429 Too Many Requests\n\nRate limit for this resource has been exceeded"
    ),
    Text("rate_limit", "rate_limited", "AppError: Rate limit for this resource has been exceeded."),
    Text("status_429", "rate_limited", f"+ git fetch\n{unable(429)}"),
    Text("too_many_requests", "rate_limited", "Bitbucket answered: Too Many Requests"),
    Text(
        "lists_removed",
        "removed_endpoint",
        '{"type": "error", "error": {"message": "CHANGE-2770 - Functionality has been deprecated", "detail": "Please '
        'read the changelog entry for more details.", "data": {"announcement_url": '
        '"https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-2770"}}}',
    ),
    Text(
        "lists_removed",
        "removed_endpoint",
        "GET /2.0/workspaces: 410 Gone: CHANGE-2770 - Functionality has been deprecated",
    ),
    Text("issues_removed", "removed_endpoint", "GET /2.0/repositories/acme/web/issues 410 CHANGE-3401 - gone"),
    Text("issues_removed", "removed_endpoint", '{"error": {"message": "The issue tracker has been removed."}}'),
    Text(
        "removed_by_change",
        "removed_endpoint",
        '{"error": {"message": "CHANGE-1146 - Functionality has been deprecated", "detail": "It is no longer here."}}',
    ),
    Text("rest_gone", "removed_endpoint", f"HTTPError: 410 Client Error: Gone for url: {_API}/teams/acme"),
    Text("no_key_known", "ssh_key", f"git@bitbucket.org: Permission denied (publickey).\n{_COULD_NOT_READ}"),
    Text(
        "no_key_known",
        "ssh_key",
        f"git@ssh.bitbucket.org: Permission denied (keyboard-interactive,publickey).\n{_COULD_NOT_READ}",
    ),
    Text(
        "no_key_known", "ssh_key", "FATAL ERROR: No supported authentication methods available (server sent: publickey)"
    ),
    Text(
        "no_key_known",
        "ssh_key",
        "The authenticity of host 'ssh.bitbucket.org' can't be established.\nAre you sure? yes\n"
        "Warning: Permanently added "
        "'ssh.bitbucket.org' (ED25519) to the list of known hosts.\ngit@ssh.bitbucket.org: Permission "
        "denied (publickey).",
    ),
    Text("no_key_known", "ssh_key", "npm ERR! code 128\nnpm ERR! git@bitbucket.org: Permission denied (publickey)."),
    Text(
        "no_key_known",
        "ssh_key",
        "ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no "
        "supported methods remain",
    ),
    Text(
        "private_key_unusable",
        "ssh_key",
        "@ WARNING: UNPROTECTED PRIVATE KEY FILE! @\nPermissions 0644 for '/root/.ssh/id_rsa' are too open.\n"
        "git@bitbucket.org: Permission denied (publickey).",
    ),
    Text("private_key_unusable", "ssh_key", 'Load key "C:\\Users\\emma\\.ssh\\id_rsa": invalid format'),
    Text(
        "deploy_key_of_another",
        "ssh_key",
        f"repository access denied. deployment key is not associated with the requested repository.\n{_COULD_NOT_READ}",
    ),
    Text("nothing_read_by_ssh", "ssh_key", _COULD_NOT_READ),
    Text(
        "address_not_on_list",
        "ip_allowlist",
        f"remote: To access this repository, an admin must whitelist your IP.\n{unable(403, 'emma')}",
    ),
    Text(
        "address_not_on_list",
        "ip_allowlist",
        '{"type":"error","error":{"message":"To access this repository, an admin has restricted access by IP."}}',
    ),
    Text(
        "address_not_on_list",
        "ip_allowlist",
        "403 Forbidden: 203.0.113.9 is not on the workspace's IP allowlist (Bitbucket)",
    ),
    Text(
        "two_steps_wanted",
        "two_step_required",
        f"remote: To access this repository, enable two-step authentication.\n{unable(403)}",
    ),
    Text(
        "two_steps_wanted",
        "two_step_required",
        '{"type":"error","error":{"message":"Two-step verification is required to access this workspace."}}',
    ),
    Text(
        "branch_says_no",
        "branch_restriction",
        f"+ git push origin\nremote: Permission denied to update branch main.\n{_REJECTED}",
    ),
    Text(
        "branch_says_no",
        "branch_restriction",
        f"remote: You don't have permission to push to this branch.\n{_REJECTED}",
    ),
    Text("branch_says_no", "branch_restriction", f"remote: You do not have write access to this branch\n{_REJECTED}"),
    Text("branch_says_no", "branch_restriction", f"remote: Branch restrictions prevented the push.\n{_REJECTED}"),
    Text("branch_says_no", "branch_restriction", f"remote: Only admins may push to branch main.\n{_REJECTED}"),
    Text(
        "merge_check_says_no",
        "branch_restriction",
        f"POST {_API}/repositories/acme/web/pullrequests/7/merge\nHTTP/2 400\n"
        '{"error":{"message":"Failed merge checks","detail":"Needs at least 2 approvals"}}',
    ),
    Text("hook_declined", "branch_restriction", f"$ git push --force\n{_REJECTED}"),
    Text(
        "deploy_key_only_reads",
        "read_only_credential",
        f"conq: repository access denied. access via a deployment key is read-only.\n{_COULD_NOT_READ}",
    ),
    Text(
        "deploy_key_only_reads",
        "read_only_credential",
        f"This access key does not have write permission.\n{_COULD_NOT_READ}",
    ),
    Text(
        "no_write_here",
        "read_only_credential",
        f"$ git push\nremote: You do not have write access to this repository.\n{unable(403)}",
    ),
    Text(
        "no_write_here",
        "read_only_credential",
        "TransportException: https://bitbucket.org/acme/web.git: git-receive-pack not permitted on "
        "'https://bitbucket.org/'",
    ),
    Text(
        "repository_only_reads",
        "read_only_credential",
        f"$ git push\nUnauthorized: repository is read only\n{_COULD_NOT_READ}",
    ),
    Text("push_forbidden", "read_only_credential", f"Pushing to https://bitbucket.org/acme/web.git\n{unable(403)}"),
    Text(
        "push_forbidden",
        "read_only_credential",
        "error: RPC failed; HTTP 403 curl 22 The requested URL returned error: 403\nsend-pack: "
        "unexpected disconnect while reading sideband packet\n"
        "error: failed to push some refs to 'https://bitbucket.org/acme/web.git'\nEverything up-to-date",
    ),
    Text(
        "users_over_plan",
        "plan_limit",
        "remote: [ALERT] Your push failed because the account 'acme'\nremote: [ALERT] has exceeded "
        "its user limit and this\n"
        f"remote: [ALERT] repository is restricted to read-only access.\n{unable(402)}",
    ),
    Text(
        "users_over_plan", "plan_limit", f"remote: acme is over its user limit. Upgrade your plan to push.\n{_REJECTED}"
    ),
    Text(
        "users_over_plan",
        "plan_limit",
        '{"type":"error","error":{"message":"Workspace access tokens are only available on the Premium plan."}}',
    ),
    Text("minutes_used_up", "plan_limit", "The workspace has used all of its build minutes for this month."),
    Text("minutes_used_up", "plan_limit", "Pipeline could not start: build minutes limit reached"),
    Text("status_402", "plan_limit", f"$ git push\n{unable(402)}"),
    Text("payment_wanted", "plan_limit", "bitbucket said: Payment Required"),
)
