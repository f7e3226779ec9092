"""Every page a person can see, after the story has been told: for pictures, accessibility and widths."""

from tests.e2e.story import Story

# (whose browser, name of the picture, address; {…} are addresses that the story found)
PAGES: tuple[tuple[str, str, str], ...] = (
    ("emma", "home", "/"),
    ("emma", "get-access", "/get-access/"),
    ("emma", "request-form", "/get-access/clone-and-pull/"),
    ("emma", "request-machine", "/get-access/ci-release/?kind=repository_access_token&used_by=machine&task=push"),
    ("emma", "request-exactly", "/get-access/exactly-this/?used_by=person&task=create-webhook&task=push"),
    ("emma", "advise", "/advise/"),
    ("emma", "advise-answer", "/advise/?used_by=machine&task=push"),
    ("emma", "advise-exact", "/advise/?used_by=person&task=create-webhook&task=push"),
    ("emma", "advise-tools", "/advise/tools/"),
    ("emma", "advise-tool", "/advise/tools/renovate/"),
    ("emma", "advise-calls", "/advise/calls/"),
    ("emma", "request", "/requests/{clone request}/"),
    ("emma", "create", "/requests/{open request}/create/"),
    ("emma", "check-refused", "{refused check}"),
    ("emma", "check-exact", "{exact check}"),
    ("emma", "credential", "{webhooks}"),
    ("emma", "use", "{webhooks}use/"),
    ("emma", "use-git", "{half}use/"),
    ("emma", "check", "/check/"),
    ("emma", "requests", "/requests/"),
    ("emma", "notifications", "/notifications/"),
    ("emma", "diagnose", "/diagnose/"),
    ("aria", "approvals", "/approvals/"),
    ("emma", "request-custom", "/requests/{custom request}/"),
    ("emma", "request-key", "{key request}"),
    ("emma", "request-key-form", "/get-access/gitops-reader/"),
    ("emma", "key", "{key}"),
    ("ada", "machines", "/machines/"),
    ("emma", "request-machine-approved", "/requests/{machine request}/"),
    ("aria", "decide", "/requests/{waiting request}/"),
    ("ada", "admin-home", "/"),
    ("ada", "credentials", "/credentials/"),
    ("ada", "credentials-filtered", "/credentials/?state=any&service=repositories&finding=none&sort=ends"),
    ("otto", "credentials-nothing", "/credentials/?q=nothing-of-the-kind"),
    ("ada", "revoked", "{clone}"),
    ("ada", "findings", "/findings/"),
    ("ada", "finding", "/findings/1/"),
    ("ada", "findings-ask", "/findings/ask/"),
    ("ada", "unknown-product", "/findings/unknown-product/"),
    ("emma", "declare", "/declare/"),
    ("ada", "inventory", "/inventory/"),
    ("ada", "inventory-runs", "/inventory/runs/"),
    ("ada", "inventory-setup", "/inventory/setup/"),
    ("ada", "people", "/people/"),
    ("ada", "person", "{emma's page}"),
    ("ada", "person-reach", "{emma's page}?show=reach"),
    ("ada", "person-grants", "{emma's page}?show=grants"),
    ("otto", "person-history", "{emma's page}?show=history"),
    ("ada", "repositories", "/repositories/"),
    ("ada", "offboardings", "/offboardings/"),
    ("ada", "offboarding-ended", "{plan}"),
    ("ada", "offboarding-steps", "{plan}steps/"),
    ("ada", "offboarding-step", "{closed step}"),
    ("ada", "offboarding-new", "/offboardings/new/?q=e"),
    ("ada", "offboarding-list", "/offboardings/new/list/"),
    ("emma", "tasks", "/tasks/"),
    ("ada", "approvers", "/approvers/"),
    ("ada", "service-tokens", "/service-tokens/"),
    ("ada", "trail", "/trail/"),
    ("ada", "event", "/trail/5/"),
    ("ada", "templates", "/templates/"),
    ("ada", "proposals", "/templates/?show=proposals"),
    ("ada", "template", "/templates/pull-request-automation/"),
    ("ada", "template-edit", "/templates/clone-and-pull/edit/"),
    ("ada", "template-new", "/templates/new/"),
    ("ada", "template-compare", "/templates/clone-and-pull/compare/"),
    ("emma", "template-version", "/templates/clone-and-pull/versions/1/"),
    ("otto", "auditor-home", "/"),
    ("otto", "not-allowed", "/get-access/"),
    ("nobody", "signin", "/signin/"),
    ("nobody", "signin-code", "/signin/link/"),
    ("nobody", "signed-out", "/signed-out/"),
    ("otto", "not-found", "/requests/bcp-NOPE99/"),
)

# Pages that are there only while the story is told.
MOMENTS: tuple[str, ...] = (
    "offboarding-draft",
    "offboarding-started",
    "offboarding-key",
    "offboarding-rotate",
    "offboarding-confirm",
    "task",
)


def address_of(story: Story, address: str) -> str:
    """The address with what the story found filled in."""
    for name, found in story.addresses.items():
        address = address.replace("{" + name + "}", found)
    assert "{" not in address, f"the story did not find {address}"
    return address
