"""What this workspace and organisation let us do by machine, as a worker last saw it."""

from django.db import models

from accounts.models import Workspace


class Capability(models.Model):
    """One ability, of the organisation or of one workspace. The web process holds no key: it knows only what the
    workers wrote here. ``facts`` holds plain details, such as scopes that a bot has and lacks."""

    class Name(models.TextChoices):
        LIST_TOKENS = "list_tokens", "Read the organisation's API tokens"
        DELETE_TOKENS = "delete_tokens", "Delete one person's API token"
        COUNT_REACH = "count_reach", "Count the repositories a person reaches"
        LISTING_SCOPES = "listing_scopes", "See a token's scopes in the organisation's listing"
        READ_MEMBERS = "read_members", "Read the workspace's members"
        READ_PROJECTS = "read_projects", "Read the workspace's projects"
        READ_REPOSITORIES = "read_repositories", "Read the workspace's repositories"
        READ_USER_GRANTS = "read_user_grants", "Read explicit grants of people"
        READ_GROUP_GRANTS = "read_group_grants", "Read explicit grants of groups"
        READ_DEPLOY_KEYS = "read_deploy_keys", "Read deploy keys"
        FILTER_BY_PERSON = "filter_by_person", "Ask for one person's effective rights"
        WORKSPACE_TOKEN_READS = "workspace_token_reads", "Read more an hour with a workspace access token"
        REMOVE_GRANTS = "remove_grants", "Remove explicit grants"
        ADD_DEPLOY_KEYS = "add_deploy_keys", "Add deploy keys"
        DELETE_DEPLOY_KEYS = "delete_deploy_keys", "Delete deploy keys"
        SWITCH_ACCOUNTS_OFF = "switch_accounts_off", "Switch a managed account off"
        SUSPEND_ACCOUNTS = "suspend_accounts", "Suspend an account in the organisation's directory"
        READ_EVENTS = "read_events", "Read the organisation's events"
        MANAGE_MEMBERS = "manage_members", "Take a seat in the workspace away"
        CLAIM_DOMAIN = "claim_domain", "Manage the accounts of everybody in the workspace"
        READ_SSH_KEYS = "read_ssh_keys", "Read people's SSH keys"
        LIST_ACCESS_TOKENS = "list_access_tokens", "List access tokens of repositories, projects and workspaces"
        LIST_GRANTS_OF_APPS = "list_grants_of_apps", "List OAuth grants and consumers"
        IP_ALLOWLIST = "ip_allowlist", "Reach Bitbucket from here in spite of an IP allowlist"
        PLAN = "plan", "Know the workspace's plan"
        BOT_TOKENS = "bot_tokens", "Know when the bots' own tokens end"
        SIGN_PACKS = "sign_packs", "Sign evidence packs"

    class Level(models.TextChoices):
        AUTOMATIC = "automatic", "Automatic"
        MANUAL = "manual", "By hand"
        IMPOSSIBLE = "impossible", "Impossible here"
        UNKNOWN = "unknown", "Not known yet"

    name = models.CharField(max_length=40, choices=Name)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    level = models.CharField(max_length=10, choices=Level, default=Level.UNKNOWN)
    reason = models.CharField(max_length=300, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    observed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "workspace"], nulls_distinct=False, name="one_row_per_capability")
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.level}"
