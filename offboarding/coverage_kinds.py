"""Every kind of thing that opens Bitbucket, in a fixed order, and what the statement says about it.

A kind that nobody can see has its line, too: leaving it out would say that it is clean.
"""

from collections.abc import Iterable

from offboarding import policy
from offboarding.coverage_facts import Facts
from offboarding.coverage_keys import deploy_keys
from offboarding.coverage_model import CoverageLine, Covered
from offboarding.coverage_rights import rights_lines
from offboarding.coverage_steps import Kind, impossible_line, line_of, open_line
from offboarding.states import StepKind

SESSIONS = Kind("portal_access", "Access to this portal")
TOKENS = Kind("api_tokens", "API tokens")
ACCOUNT = Kind("account", "The account, its web sessions and mobile apps")
OF_THE_ACCOUNT = (
    (Kind("ssh_keys", "SSH keys of the account"), "ssh_key", "No admin API reads or deletes them"),
    (Kind("gpg_keys", "GPG keys of the account"), "gpg_key", "No admin API reads or deletes them"),
    (Kind("oauth_grants", "Apps they authorised"), "oauth_grant", "No API lists OAuth grants"),
)
APP_PASSWORDS = Kind("app_passwords", "App passwords")
ACCESS_TOKENS = Kind("access_tokens", "Access tokens of repositories, projects and workspaces, registered here")
OTHER_ACCESS_TOKENS = Kind("other_access_tokens", "Access tokens that nobody registered here")
MACHINERY = Kind("workspace_machinery", "OAuth consumers, runners and SSH keys of a workspace")
WEBHOOKS = Kind("webhooks", "Webhooks")
PIPELINES = Kind("pipeline_secrets", "Variables, keys and runners of pipelines they could read")
BREAKS = Kind("breaks", "What would break without them")
OTHER_PRODUCTS = Kind("other_products", "Tokens of other Atlassian products")
RECHECKS = Kind("rechecks", "Later looks whether something came back")

GONE_SINCE = "Bitbucket removed them on 2026-07-28: none opens anything any more, and no API ever listed them"
NO_LIST = (
    "No API lists them or tells who made them. Whoever administered a repository or project could make one and know"
    " it still: look at Access tokens there"
)
NO_MAKER = "No API tells who made one. The leaver administered no workspace that the members' lists show"
NO_CREATOR = "Bitbucket does not tell who made a webhook; one goes on sending to whatever address it names"


def lines_of(facts: Facts) -> tuple[CoverageLine, ...]:
    """The whole statement."""
    account = _account(facts)
    tokens = _tokens(facts)
    return (
        _portal_access(facts),
        tokens,
        account,
        *_of_the_account(account, facts),
        impossible_line(APP_PASSWORDS, GONE_SINCE),
        *rights_lines(facts),
        deploy_keys(facts),
        _access_tokens(facts),
        impossible_line(OTHER_ACCESS_TOKENS, NO_LIST),
        _machinery(facts),
        impossible_line(WEBHOOKS, NO_CREATOR),
        _pipelines(facts),
        _breaks(facts),
        _other_products(tokens),
        *_rechecks(facts),
    )


def _portal_access(facts: Facts) -> CoverageLine:
    steps = facts.of(StepKind.END_ACCESS)
    if facts.is_called_off:
        return open_line(SESSIONS, facts, because="", steps=steps)
    return line_of(SESSIONS, steps, facts)


def _tokens(facts: Facts) -> CoverageLine:
    steps = facts.of(StepKind.DELETE_TOKENS, StepKind.DELETE_LATE_TOKENS)
    # Each counts what the whole plan has deleted until then.
    deleted = max((int(step.job.result.get("deleted", 0)) for step in steps), default=0)
    words = f"{deleted} deleted; the list is empty, before and after the account was switched off"
    line = line_of(TOKENS, steps, facts, words=words)
    if line.covered == Covered.DISABLED:
        said = f"{deleted} deleted; the list is empty, but no second list confirms it for an account that is off"
        return CoverageLine(TOKENS.key, TOKENS.name, line.covered, said, steps=line.steps)
    return line


def _account(facts: Facts) -> CoverageLine:
    line = line_of(ACCOUNT, facts.of(StepKind.SWITCH_OFF), facts)
    if line.covered == Covered.PROVEN:
        said = f"{line.words}. No admin API lists sessions: the account being off is what stops them"
        return CoverageLine(ACCOUNT.key, ACCOUNT.name, line.covered, said, steps=line.steps)
    return line


def _of_the_account(account: CoverageLine, facts: Facts) -> Iterable[CoverageLine]:
    """What only stops because the account is off, and would come back with it."""
    covered = Covered.DISABLED if account.covered in (Covered.PROVEN, Covered.DISABLED) else account.covered
    for kind, held, why in OF_THE_ACCOUNT:
        if covered == Covered.OPEN:
            because = f"{why}; they stop when the account is off"
            yield open_line(
                kind, facts, because=because, owner=account.owner, due_at=account.due_at, steps=account.steps
            )
            continue
        known = facts.held.get(held, 0)
        seen = f" ({known} known here)" if known else ""
        words = f"{why}{seen}: the account being off is what stops them, and they come back with it"
        yield CoverageLine(kind.key, kind.name, covered, words, steps=account.steps)


def _access_tokens(facts: Facts) -> CoverageLine:
    steps = facts.of(StepKind.ACCESS_TOKEN)
    if steps or not facts.was_started:
        return line_of(ACCESS_TOKENS, steps, facts)
    words = "None is registered with them as its holder or deputy"
    return CoverageLine(ACCESS_TOKENS.key, ACCESS_TOKENS.name, Covered.NOTHING, words)


def _machinery(facts: Facts) -> CoverageLine:
    steps = facts.of(StepKind.WORKSPACE_ADMIN)
    if steps or not facts.was_started:
        return line_of(MACHINERY, steps, facts)
    return impossible_line(MACHINERY, NO_MAKER)


def _pipelines(facts: Facts) -> CoverageLine:
    line = line_of(PIPELINES, facts.of(StepKind.ROTATE), facts)
    places, left = facts.items
    if line.covered != Covered.OPEN or not left or facts.is_called_off:
        return line
    said = f"{line.steps[0].title}: {left} of {places} places still to be rotated"
    return CoverageLine(PIPELINES.key, PIPELINES.name, line.covered, said, line.owner, line.due_at, line.steps)


def _breaks(facts: Facts) -> CoverageLine:
    steps = facts.of(StepKind.BREAKS)
    ahead = facts.plan.preview
    unread = "; ".join(str(one) for one in ahead.get("unread", []))
    if steps or not facts.was_started:
        return line_of(BREAKS, steps, facts)
    due_at = facts.plan.started_at and facts.plan.started_at + policy.HAND_OVER_WITHIN
    owner = facts.plan.planner
    if not ahead.get("at"):
        return open_line(BREAKS, facts, because="Nobody looked before the plan started", owner=owner, due_at=due_at)
    if unread:
        return open_line(BREAKS, facts, because=f"Could not be read: {unread}", owner=owner, due_at=due_at)
    return CoverageLine(BREAKS.key, BREAKS.name, Covered.NOTHING, "Nothing was found that needs somebody else")


def _other_products(tokens: CoverageLine) -> CoverageLine:
    words = "They stand in the same list as the API tokens: what holds for those holds for them"
    return CoverageLine(
        OTHER_PRODUCTS.key, OTHER_PRODUCTS.name, tokens.covered, words, tokens.owner, tokens.due_at, tokens.steps
    )


def _rechecks(facts: Facts) -> list[CoverageLine]:
    """Only once the plan is completed: before that there is nothing to look at again."""
    steps = facts.of(StepKind.RECHECK)
    if not steps:
        return []
    line = line_of(RECHECKS, steps, facts)
    if line.covered != Covered.OPEN:
        return [line]
    first = next(step for step in steps if step.closed_at is None or not step.verdict or step.pk not in facts.proved_at)
    due_at = line.due_at or first.job.next_attempt_at
    return [CoverageLine(RECHECKS.key, RECHECKS.name, line.covered, line.words, line.owner, due_at, line.steps)]
