"""Rules for sentences that only Bitbucket says. They come first: such a sentence settles the matter.

The fixed fragments were read in:
https://confluence.atlassian.com/bbkb/error-403-when-performing-git-operations-1155479141.html (address, two steps),
https://support.atlassian.com/bitbucket-cloud/kb/fix-error-your-push-failed-because-the-account-has-exceeded-its-user-limit/,
https://support.atlassian.com/bitbucket-cloud/docs/reduce-repository-size/ (sizes),
https://atdev.blog/en/blog/bitbucket-app-password-deprecated-fix-git-pull-git-push-api-token-en (410),
https://github.com/backstage/backstage/issues/22383 (403 with scopes),
https://community.atlassian.com/t5/Bitbucket-questions/How-do-I-grant-write-access-to-restricted-brances-via-repo/qaq-p/2249496.
"""

from typing import Final

from tokens.catalogue.diagnosis import alternatives as also
from tokens.catalogue.diagnosis.model import Rule

SAID_RULES: Final = (
    Rule(
        "app_password_notice",
        "app_password_removed",
        said=(
            "change-3222",
            r"app passwords? (?:are|is|were|was|have been|has been) (?:deprecated|removed|disabled|retired)",
        ),
        also=(also.CACHED,),
    ),
    Rule(
        "account_password_notice",
        "account_password",
        said=(
            "supporting account passwords",
            r"account passwords? (?:is|are) (?:no longer|not) (?:supported|accepted)",
            "create an app password to log in",
        ),
        also=(also.CACHED, also.APP_PASSWORD),
    ),
    Rule(
        "address_not_on_list",
        "ip_allowlist",
        said=(
            r"(?:whitelist|allowlist)(?:ed)? (?:your|the|this) ip",
            r"restrict(?:ed|s) access (?:by|to certain|to specific) ip",
            r"\bip (?:address )?(?:[\da-f.:]{3,45} )?(?:is |has )?not (?:been )?(?:on the )?(?:allow|white|permit)",
            r"[\d.]{7,15} is not on the",
            r"(?:your|this|from) ip (?:address )?[\w ]{0,30}(?:restricted|blocked|denied)",
            r"\bip (?:address )?(?:allow|white)-?list",
        ),
        unless=("foreign",),
    ),
    Rule(
        "two_steps_wanted",
        "two_step_required",
        said=(
            r"(?:enable|enforces?|needs?|set up) (?:two|2)[- ](?:step|factor)",
            (
                r"(?:two|2)[- ](?:step|factor) (?:verification|authentication) (?:is |must be |has to be )?"
                r"(?:required|enabled|needed)"
            ),
            r"requires? (?:all users to (?:have|enable) |you to enable |users to enable )?(?:two|2)[- ](?:step|factor)",
            r"\b(?:2fa|2sv) (?:is )?(?:required|must)",
        ),
        unless=("foreign",),
    ),
    Rule(
        "users_over_plan",
        "plan_limit",
        said=(
            "exceeded its user limit",
            "over its user limit",
            r"user limit (?:of|for) (?:your|this|the) (?:plan|workspace)",
            r"restricted to read-only access",
            r"upgrade (?:your|their|the) (?:workspace )?plan",
            r"(?:your|this|current) (?:workspace )?plan (?:does not|doesn't)",
            r"exceeded (?:its|the|your) (?:storage|lfs|large file storage) (?:limit|quota)",
            r"available (?:on|in|with|for) (?:the |a |your )?(?:current )?(?:premium|standard|paid|free) plans?",
            r"requires? (?:a |the )?(?:bitbucket )?(?:premium|paid|standard) plan",
        ),
        unless=("foreign",),
    ),
    Rule(
        "minutes_used_up",
        "plan_minutes",
        said=(
            r"(?:exceeded|used (?:up )?all|used up|ran out of|run out of|no|reached)[\w ']{0,40} build minutes",
            r"build minutes?[\w ']{0,40} (?:exceeded|used up|limit|exhausted|reached)",
        ),
        unless=("foreign",),
    ),
    Rule("payment_wanted", "plan_limit", said=("payment required",), unless=("foreign",)),
    Rule("status_402", "plan_limit", needs=("status_402",), unless=("foreign",)),
    Rule(
        "too_big",
        "size",
        said=(
            "pack exceeds maximum allowed size",
            r"over the size limit",
            r"(?:exceeds?|exceeding|larger than|bigger than|over|above) [a-z' ]{0,40}\d{1,4}(?:\.\d{1,2})? ?[mg]i?b\b",
            r"(?:file|push|repository) size limit",
            "request entity too large",
            "payload too large",
        ),
    ),
    Rule("status_413", "size", needs=("status_413",)),
    Rule(
        "deploy_key_only_reads",
        "read_only_key",
        said=(
            r"access via an? (?:deployment|deploy|access) key is read-?only",
            r"(?:deploy|deployment|access) key (?:is read-?only|has read-?only|cannot (?:push|write))",
            r"key (?:does not|doesn't) have write",
        ),
        unless=("foreign",),
    ),
    Rule(
        "deploy_key_of_another",
        "ssh_key_elsewhere",
        said=(r"(?:deployment|deploy|access) key is not associated",),
        also=(also.NO_RIGHT,),
    ),
    Rule(
        "branch_says_no",
        "branch_restriction",
        said=(
            r"permission denied to (?:update|create|delete|rewrite|merge)",
            r"permission to merge",
            (
                r"(?:do|does)(?:n't| not) have (?:the )?(?:write |push |merge )?"
                r"(?:permissions?|access|rights?) (?:to|on|for) "
                r"(?:(?:push|write|merge|commit) (?:directly )?(?:to|into) |update )?(?:the |this |that )?branch"
            ),
            r"branch (?:restriction|permission)s?",
            r"protected branch",
            r"branch [\w./'\"-]{0,100} ?is protected",
            r"(?:can|may) (?:push|write|merge) (?:in)?to (?:this |the )?branch",
            (
                r"(?:can't|cannot|not allowed to|may not) (?:push|force-?push|rewrite|merge|delete)"
                r"[\w ,'/-]{0,50} (?:branch|history)"
            ),
            r"denying (?:non-fast-forward|deleti|ref deletion)",
            r"(?:only|must) be (?:changed|updated|made|merged|pushed) (?:through|via|with|by) (?:a )?pull request",
            r"(?:pull request is required|requires? a pull request)",
        ),
        unless=("foreign",),
    ),
    Rule(
        "merge_check_says_no",
        "branch_restriction",
        said=(
            r"merge checks?\b",
            r"(?:unresolved|open) tasks",
            r"(?:needs?|requires?|at least|minimum of) (?:at least )?\d{1,2} (?:more )?(?:approvals?|\w{6,10} builds?)",
            r"requested changes",
        ),
        needs=("rest|bitbucket",),
        unless=("foreign",),
        also=(also.NO_RIGHT,),
    ),
    Rule(
        "scopes_named",
        "missing_scope",
        said=(r"one or more required privilege scopes", "privilege scopes", "insufficient_scope"),
        also=(also.NO_ACCESS_TOKEN,),
    ),
    Rule("scopes_in_headers", "missing_scope", needs=("scopes_short", "status_403")),
    Rule(
        "lists_removed",
        "removed_listing",
        said=("change-2770", "change-3081"),
    ),
    Rule(
        "issues_removed",
        "removed_issues",
        said=(
            "change-3401",
            r"(?:issue tracker|wiki)s? (?:has|have|was|were|is|are) (?:been )?(?:removed|gone|no longer|deprecated)",
        ),
        unless=("foreign",),
    ),
    Rule(
        "removed_by_change",
        "removed_endpoint",
        said=(
            "functionality has been deprecated",
            r"(?:api|endpoint|resource) (?:is|has been) (?:no longer (?:avail|support)|deprecated|removed|sunset)",
        ),
        unless=("foreign",),
    ),
    Rule(
        "rate_limit",
        "rate_limited",
        said=(
            "rate limit for this resource",
            r"rate limit(?:ed|ing)? (?:has been |was |is )?exceeded",
            r"exceeded (?:the |your |its )?(?:api )?rate limit",
        ),
        unless=("foreign",),
        also=(also.LOW_LIMIT,),
    ),
)
