"""Rules for what is left: keys, bare statuses, and sentences that many programs say. The weakest come last.

Sources: https://confluence.atlassian.com/bbkb/permission-denied-publickey-302811860.html,
https://github.com/avivsinai/bitbucket-cli/issues/70 (403 without a reason).
"""

from typing import Final

from tokens.catalogue.diagnosis import alternatives as also
from tokens.catalogue.diagnosis.model import Rule

_HERE: Final = "git|rest|bitbucket"

STATUS_RULES: Final = (
    Rule(
        "private_key_unusable",
        "ssh_key_unusable",
        said=(
            "unprotected private key file",
            r"permissions \d{3,4} for [^:]{1,200} are too open",
            "error in libcrypto",
            r"load key .{1,200}: (?:invalid format|permission denied)",
            r"no such identity",
            r"identity file [^:]{1,200} not accessible",
        ),
    ),
    Rule(
        "no_key_known",
        "ssh_key",
        said=(
            r"permission denied \([\w,. -]{0,80}publickey",
            "no supported authentication methods",
            "too many authentication failures",
            "permission denied, please try again",
            "sign_and_send_pubkey",
            r"unable to authenticate, attempted methods \[[\w ]{0,60}publickey",
            r"jschexception: auth (?:fail|cancel)",
            "no mutual signature",
        ),
        also=(also.NO_RIGHT,),
    ),
    Rule(
        "key_without_right",
        "no_access_or_not_found",
        said=(
            r"repository access denied",
            r"(?:repository|repo) does not exist",
            r"\b(?:forbidden|unauthorized) (?:fatal|please)",
        ),
        needs=("ssh",),
        also=(also.KEY,),
    ),
    Rule(
        "no_write_here",
        "read_only_credential",
        said=(
            r"(?:do not|don't|does not|doesn't) have (?:write|push) (?:access|permission)s?(?: to this repository)?",
            r"git-receive-pack not (?:permitted|found|enabled)",
            r"write access (?:to (?:this )?repository )?(?:is )?(?:not granted|denied)",
            r"(?:access )?token (?:is|has) read-?only",
        ),
        also=(also.NO_RIGHT, also.BRANCH, also.PLAN),
    ),
    Rule(
        "repository_only_reads",
        "read_only_repository",
        said=(
            r"(?:repository|repo) is (?:currently |in )?(?:marked )?(?:as )?read[- ]?only",
            r"read[- ]?only (?:mode|repository)",
        ),
        also=(also.PLAN,),
    ),
    Rule(
        "hook_declined",
        "branch_restriction",
        said=(r"\[remote rejected\]", "hook declined"),
        also=(also.SIZE, also.READ_ONLY, also.PLAN),
    ),
    Rule(
        "right_missing",
        "no_right",
        said=(
            r"must have (?:\w{4,6} or )?(?:write|admin|read) (?:access|permissions?)",
            r"(?:admin|write) access (?:is )?required",
            r"(?:you are|you're|user is) not (?:allowed|permitted|authorised|authorized) to",
        ),
        needs=(_HERE,),
        also=(also.SCOPE,),
    ),
    Rule("own_user_forbidden", "missing_scope_user", needs=("own_user", "status_403"), also=(also.NO_ACCESS_TOKEN,)),
    Rule(
        "own_user_refused",
        "missing_scope_user",
        said=("do not have permission to access url",),
        needs=("own_user",),
        also=(also.ENDED, also.WRONG_USER),
    ),
    Rule("git_gone", "app_password_removed", needs=("status_410", "git"), unless=("rest",), also=(also.REMOVED,)),
    Rule("rest_gone", "removed_endpoint", needs=("status_410",)),
    Rule("too_many_requests", "rate_limited", said=("too many requests",), also=(also.LOW_LIMIT,)),
    Rule("status_429", "rate_limited", needs=("status_429",), also=(also.LOW_LIMIT,)),
    Rule(
        "nobody_to_ask",
        "no_credential",
        said=(
            r"could not read (?:username|password) for",
            "terminal prompts disabled",
            "cannot prompt because user interactivity",
            "no credentialsprovider has been registered",
            r"(?:authentication|credentials?) (?:is |are )?required",
        ),
        also=(also.ENDED, also.CACHED),
    ),
    Rule(
        "push_forbidden",
        "read_only_credential",
        needs=("status_403", "push"),
        also=(also.NO_RIGHT, also.BRANCH, also.SCOPE),
    ),
    Rule(
        "forbidden",
        "no_access_or_not_found",
        needs=("status_403", _HERE),
        also=(also.SCOPE, also.ENDED),
    ),
    Rule(
        "said_forbidden",
        "no_access_or_not_found",
        said=(r"\"message\": ?\"(?:forbidden|access denied)", "access denied"),
        needs=(_HERE,),
        also=(also.SCOPE,),
    ),
    Rule(
        "not_found",
        "no_access_or_not_found",
        said=(
            r"repository [^ ]{0,200} ?not found",
            r"repository '?[^ ]{0,200}'? not found",
            "repository not found",
            "resource not found",
            "no such repository",
            "no workspace with identifier",
            "there is no api hosted at this url",
            r"(?:project|workspace|team|user) [^ ]{0,80} ?(?:not found|does not exist)",
        ),
        needs=(_HERE,),
        also=(also.SCOPE, also.REMOVED),
    ),
    Rule("status_404", "no_access_or_not_found", needs=("status_404", _HERE), also=(also.SCOPE, also.REMOVED)),
    Rule(
        "refused_without_reason",
        "token_invalid_or_expired",
        needs=("refused|status_401", _HERE),
        also=(also.WRONG_USER, also.UNSCOPED, also.CACHED),
    ),
    Rule(
        "nothing_read_by_ssh",
        "ssh_key",
        said=("could not read from remote repository",),
        also=(also.NO_RIGHT, also.LINE_CUT),
    ),
    Rule(
        "hung_up",
        "network",
        said=("hung up unexpectedly", "unexpected disconnect", "early eof", "rpc failed"),
        also=(also.READ_ONLY,),
    ),
)
