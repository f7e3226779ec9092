"""Names of the routes that come in families, in the order in which they are served."""

IN_REPOSITORY = "/repositories/<workspace>/<repository>"
IN_PROJECT = "/workspaces/<workspace>/projects/<project_key>"

PROJECTS = ("/workspaces/<workspace>/projects", IN_PROJECT)


def _permissions(where: str, holder: str) -> tuple[str, ...]:
    every = f"{where}/permissions-config/{holder}"
    single = f"{every}/<{'group_slug' if holder == 'groups' else 'selected_user_id'}>"
    return every, single, f"PUT {single}", f"DELETE {single}"


def _keys(where: str) -> tuple[str, ...]:
    every = f"{where}/deploy-keys"
    return every, f"POST {every}", f"{every}/<key_id>", f"DELETE {every}/<key_id>"


PERMISSIONS = tuple(
    name
    for where in (IN_REPOSITORY, IN_PROJECT)
    for holder in ("users", "groups")
    for name in _permissions(where, holder)
)
REPOSITORY_KEYS, PROJECT_KEYS = _keys(IN_REPOSITORY), _keys(IN_PROJECT)

OWN_KEYS = ("/users/<selected_user>/ssh-keys", "/users/<selected_user>/gpg-keys")
RESTRICTIONS = f"{IN_REPOSITORY}/branch-restrictions"
REVIEWERS = (f"{IN_REPOSITORY}/default-reviewers", f"{IN_PROJECT}/default-reviewers")
PULL_REQUESTS = (f"{IN_REPOSITORY}/pullrequests", "/workspaces/<workspace>/pullrequests/<selected_user>")
PIPELINES = (
    f"{IN_REPOSITORY}/pipelines",
    f"{IN_REPOSITORY}/pipelines_config/variables",
    f"{IN_REPOSITORY}/environments",
    f"{IN_REPOSITORY}/deployments_config/environments/<environment_uuid>/variables",
    "/workspaces/<workspace>/pipelines-config/variables",
    f"{IN_REPOSITORY}/pipelines_config/schedules",
    f"{IN_REPOSITORY}/pipelines_config/ssh/key_pair",
)
RUNNERS = ("/workspaces/<workspace>/pipelines-config/runners", f"{IN_REPOSITORY}/pipelines-config/runners")
