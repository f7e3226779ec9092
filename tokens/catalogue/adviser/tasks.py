"""What people do in Bitbucket, in their own words, with the calls that doing it takes.

What its permissions mean to others stands in the catalogue's facts; `note` holds what only this task has to say.
A task names every call it cannot do without: deleting a webhook includes finding it, because Bitbucket deletes by an
identifier that only its listing shows.
"""

from dataclasses import replace
from typing import Final

from tokens.catalogue.adviser import paths as at
from tokens.catalogue.adviser.model import Task
from tokens.catalogue.adviser.paths import every

_READING_SUFFICES: Final = "Reading is all that Bitbucket asks for here."
_NO_ACCESS_TOKENS: Final = "Only a person's API token can do this: access tokens and OAuth are refused."
_LOGS_TELL: Final = "Logs can show what a build printed, secrets included if a script prints them."


def _task(slug: str, words: str, *calls: str, note: str = "") -> Task:
    return Task(slug=slug, group="", words=words, calls=calls, note=note)


def _group(name: str, *tasks: Task) -> tuple[Task, ...]:
    return tuple(replace(task, group=name) for task in tasks)


# fmt: off
TASKS: Final[tuple[Task, ...]] = (
    *_group(
        "Git",
        _task("fetch", "Clone, fetch and pull with git", at.GIT_FETCH),
        _task("push", "Push commits, branches and tags with git", at.GIT_FETCH, at.GIT_PUSH),
    ),
    *_group(
        "Pull requests",
        _task("list-pull-requests", "See pull requests, their changes and their checks",
              *every("GET", at.PULL_REQUESTS, at.PULL_REQUEST, f"{at.PULL_REQUEST}/activity",
                     f"{at.PULL_REQUEST}/commits", f"{at.PULL_REQUEST}/diff", f"{at.PULL_REQUEST}/diffstat",
                     f"{at.PULL_REQUEST}/comments", f"{at.PULL_REQUEST}/statuses")),
        _task("comment-pull-request", "Comment on pull requests",
              *every("GET POST", f"{at.PULL_REQUEST}/comments"),
              *every("PUT DELETE", at.PULL_REQUEST_COMMENT),
              *every("POST DELETE", f"{at.PULL_REQUEST_COMMENT}/resolve"),
              note=_READING_SUFFICES),
        _task("pull-request-tasks", "Add, tick off and remove tasks of a pull request",
              *every("GET POST", f"{at.PULL_REQUEST}/tasks"),
              *every("PUT DELETE", at.PULL_REQUEST_TASK),
              note=_READING_SUFFICES),
        _task("open-pull-request", "Open and update pull requests",
              f"POST {at.PULL_REQUESTS}", *every("GET PUT", at.PULL_REQUEST)),
        _task("approve-pull-request", "Approve pull requests or ask for changes",
              *every("POST DELETE", f"{at.PULL_REQUEST}/approve", f"{at.PULL_REQUEST}/request-changes")),
        _task("merge-pull-request", "Merge pull requests",
              f"GET {at.PULL_REQUEST}", f"POST {at.PULL_REQUEST}/merge",
              f"GET {at.PULL_REQUEST}/merge/task-status/{{task_id}}"),
        _task("decline-pull-request", "Decline pull requests",
              f"GET {at.PULL_REQUEST}", f"POST {at.PULL_REQUEST}/decline"),
    ),
    *_group(
        "Builds and reports",
        _task("post-build-status", "Post build results on a commit",
              f"POST {at.BUILD_STATUSES}", *every("GET PUT", at.BUILD_STATUS)),
        _task("post-report", "Post reports and their annotations on a commit",
              *every("GET PUT DELETE", at.REPORT), *every("GET POST", f"{at.REPORT}/annotations"),
              *every("PUT DELETE", f"{at.REPORT}/annotations/{{annotationId}}"), note=_READING_SUFFICES),
        _task("read-build-status", "Read build results and reports of a commit",
              *every("GET", f"{at.COMMIT}/statuses", f"{at.COMMIT}/reports", f"{at.REPORT}/annotations")),
    ),
    *_group(
        "Pipelines",
        _task("read-pipelines", "See pipelines, their logs and test results",
              *every("GET", at.PIPELINES, at.PIPELINE, f"{at.PIPELINE}/steps",
                     f"{at.PIPELINE}/steps/{{step_uuid}}/log", f"{at.PIPELINE}/steps/{{step_uuid}}/test_reports"),
              note=_LOGS_TELL),
        _task("run-pipeline", "Start a pipeline",
              *every("GET POST", at.PIPELINES), f"GET {at.PIPELINE}",
              note="It runs deployments with the secrets they hold."),
        _task("stop-pipeline", "Stop a running pipeline",
              f"GET {at.PIPELINES}", f"POST {at.PIPELINE}/stopPipeline",
              note="The same permission starts pipelines."),
        _task("read-variables", "Read variables of repositories, deployments and the workspace",
              *every("GET", at.VARIABLES, at.DEPLOYMENT_VARIABLES, at.WORKSPACE_VARIABLES)),
        _task("edit-repository-variables", "Change a repository's variables",
              *every("GET POST", at.VARIABLES), *every("PUT DELETE", f"{at.VARIABLES}/{{variable_uuid}}")),
        _task("edit-deployment-variables", "Change deployment environments and their variables",
              *every("GET POST", f"{at.REPOSITORY}/environments", at.DEPLOYMENT_VARIABLES),
              *every("PUT DELETE", f"{at.DEPLOYMENT_VARIABLES}/{{variable_uuid}}")),
        _task("edit-workspace-variables", "Change the workspace's variables",
              *every("GET POST", at.WORKSPACE_VARIABLES),
              *every("PUT DELETE", f"{at.WORKSPACE_VARIABLES}/{{variable_uuid}}"),
              note="Every repository of the workspace builds with them."),
        _task("schedules", "Set up and remove schedules of pipelines",
              *every("GET POST", at.SCHEDULES), *every("PUT DELETE", f"{at.SCHEDULES}/{{schedule_uuid}}"),
              note="The same permission starts and stops pipelines."),
        _task("pipeline-ssh-key", "Set the SSH key and known hosts of pipelines",
              *every("GET PUT DELETE", f"{at.PIPELINES_CONFIG}/ssh/key_pair"),
              *every("GET POST", f"{at.PIPELINES_CONFIG}/ssh/known_hosts")),
        _task("pipeline-caches", "See and clear caches of pipelines",
              *every("GET DELETE", f"{at.REPOSITORY}/pipelines-config/caches"),
              f"DELETE {at.REPOSITORY}/pipelines-config/caches/{{cache_uuid}}",
              note="The same permission starts and stops pipelines."),
        _task("switch-pipelines", "Switch pipelines on or off for a repository",
              *every("GET PUT", at.PIPELINES_CONFIG), note="Bitbucket counts this as a setting of the repository."),
    ),
    *_group(
        "Runners",
        _task("list-runners", "See runners",
              *every("GET", at.RUNNERS, at.WORKSPACE_RUNNERS)),
        _task("register-runner", "Add runners and change them",
              *every("GET POST", at.RUNNERS, at.WORKSPACE_RUNNERS),
              *every("PUT", f"{at.RUNNERS}/{{runner_uuid}}",
                     f"{at.WORKSPACE_RUNNERS}/{{runner_uuid}}"),
              note="A runner receives builds with all their secrets."),
        _task("remove-runner", "Remove runners",
              *every("GET", at.RUNNERS, at.WORKSPACE_RUNNERS),
              *every("DELETE", f"{at.RUNNERS}/{{runner_uuid}}",
                     f"{at.WORKSPACE_RUNNERS}/{{runner_uuid}}"),
              note="The same permission adds runners."),
    ),
    *_group(
        "Webhooks",
        _task("list-webhooks", "See webhooks of repositories and the workspace",
              *every("GET", at.HOOKS, at.WORKSPACE_HOOKS)),
        _task("create-webhook", "Create webhooks",
              *every("POST", at.HOOKS, at.WORKSPACE_HOOKS)),
        _task("change-webhook", "Change webhooks",
              *every("GET", at.HOOKS, at.WORKSPACE_HOOKS),
              *every("PUT", at.HOOK, at.WORKSPACE_HOOK)),
        _task("delete-webhook", "Delete webhooks",
              *every("GET", at.HOOKS, at.WORKSPACE_HOOKS),
              *every("DELETE", at.HOOK, at.WORKSPACE_HOOK),
              note="It can silence the tools that listen. Creating needs another permission."),
    ),
    *_group(
        "Repositories",
        _task("list-repositories", "List the repositories of a workspace",
              *every("GET", at.REPOSITORIES, at.REPOSITORY),
              note="Listings across workspaces ended on 14 April 2026; ask workspace by workspace."),
        _task("read-files", "Read files without cloning",
              *every("GET", f"{at.REPOSITORY}/src", at.FILE,
                     f"{at.REPOSITORY}/filehistory/{{commit}}/{{path}}")),
        _task("browse-history", "Browse commits, branches and tags",
              *every("GET", f"{at.REPOSITORY}/commits", at.COMMIT, f"{at.REPOSITORY}/diff/{{spec}}",
                     f"{at.REPOSITORY}/refs", at.BRANCHES, at.TAGS)),
        _task("create-branch", "Create and delete branches and tags without git",
              *every("POST", at.BRANCHES, at.TAGS),
              *every("DELETE", f"{at.BRANCHES}/{{name}}", f"{at.TAGS}/{{name}}")),
        _task("commit-files", "Commit files without git", f"POST {at.REPOSITORY}/src",
              note="It writes without being able to read."),
        _task("fork", "Fork repositories", *every("GET POST", f"{at.REPOSITORY}/forks"),
              note="A fork needs permission to push, though nothing is pushed to the original."),
        _task("create-repository", "Create repositories", f"POST {at.REPOSITORY}",
              note="The same permission can lift the protection of every repository it reaches."),
        _task("change-repository", "Change settings of repositories",
              *every("GET PUT", at.REPOSITORY, f"{at.REPOSITORY}/override-settings")),
        _task("branch-restrictions", "Protect branches",
              *every("GET POST", f"{at.REPOSITORY}/branch-restrictions"),
              *every("PUT DELETE", f"{at.REPOSITORY}/branch-restrictions/{{id}}"),
              note="Even looking at the rules needs it, and who can set them can lift them."),
        _task("default-reviewers", "Set default reviewers",
              f"GET {at.REPOSITORY}/default-reviewers",
              *every("PUT DELETE", f"{at.REPOSITORY}/default-reviewers/{{target_username}}"),
              note="Seeing them counts as reading pull requests, setting them as administering the repository."),
        _task("branching-model", "Set the branching model",
              f"GET {at.REPOSITORY}/branching-model", *every("GET PUT", f"{at.REPOSITORY}/branching-model/settings")),
        _task("delete-repository", "Delete repositories", *every("GET DELETE", at.REPOSITORY),
              note="Code and history are gone with it."),
    ),
    *_group(
        "Projects",
        _task("list-projects", "List projects", *every("GET", at.PROJECTS, at.PROJECT)),
        _task("change-projects", "Create, change and delete projects",
              *every("GET POST", at.PROJECTS), *every("PUT DELETE", at.PROJECT)),
    ),
    *_group(
        "People and access",
        _task("list-members", "See who is in the workspace",
              *every("GET", "/user/workspaces", at.WORKSPACE, f"{at.WORKSPACE}/members")),
        _task("read-access", "See who may do what in repositories and projects",
              *every("GET", f"{at.WORKSPACE}/permissions", f"{at.WORKSPACE}/permissions/repositories",
                     f"{at.REPOSITORY}/permissions-config/users", f"{at.REPOSITORY}/permissions-config/groups",
                     f"{at.PROJECT}/permissions-config/users", f"{at.PROJECT}/permissions-config/groups"),
              note="Access tokens are refused here."),
        _task("grant-repository-access", "Give and take access of people and groups to repositories",
              *every("GET PUT DELETE", f"{at.REPOSITORY}/permissions-config/users/{{selected_user_id}}",
                     f"{at.REPOSITORY}/permissions-config/groups/{{group_slug}}"), note=_NO_ACCESS_TOKENS),
        _task("grant-project-access", "Give and take access of people and groups to projects",
              *every("GET PUT DELETE", f"{at.PROJECT}/permissions-config/users/{{selected_user_id}}",
                     f"{at.PROJECT}/permissions-config/groups/{{group_slug}}"), note=_NO_ACCESS_TOKENS),
    ),
    *_group(
        "Keys",
        _task("list-deploy-keys", "See deploy keys of a repository", f"GET {at.DEPLOY_KEYS}",
              note="Bitbucket asks for administering the repository even to look at them."),
        _task("add-deploy-key", "Add deploy keys to a repository", *every("GET POST", at.DEPLOY_KEYS),
              note="A deploy key has no end date. The same permission adds SSH keys to your own account."),
        _task("remove-deploy-key", "Remove deploy keys from a repository",
              f"GET {at.DEPLOY_KEYS}", f"DELETE {at.DEPLOY_KEYS}/{{key_id}}"),
        _task("project-deploy-keys", "Add and remove deploy keys of a project",
              *every("GET POST", f"{at.PROJECT}/deploy-keys"), f"DELETE {at.PROJECT}/deploy-keys/{{key_id}}",
              note="A deploy key has no end date and opens every repository of the project."),
        _task("read-ssh-keys", "See your own SSH keys", f"GET {at.USER}/ssh-keys"),
        _task("own-ssh-keys", "Add and remove your own SSH keys",
              *every("GET POST", f"{at.USER}/ssh-keys"), f"DELETE {at.USER}/ssh-keys/{{key_id}}"),
        _task("own-gpg-keys", "Add and remove your own GPG keys",
              *every("GET POST", f"{at.USER}/gpg-keys"), f"DELETE {at.USER}/gpg-keys/{{fingerprint}}"),
    ),
    *_group(
        "Snippets",
        _task("read-snippets", "Read snippets",
              *every("GET", "/snippets/{workspace}", at.SNIPPET, f"{at.SNIPPET}/files/{{path}}")),
        _task("write-snippets", "Create and change snippets",
              "POST /snippets/{workspace}", *every("GET PUT", at.SNIPPET)),
        _task("delete-snippets", "Delete snippets", *every("GET DELETE", at.SNIPPET)),
    ),
    *_group(
        "Your own account",
        _task("who-am-i", "See who you are and your e-mail addresses", *every("GET", "/user", "/user/emails"),
              note="Many tools ask this first and report a failed sign-in when they may not."),
        _task("my-workspaces", "List the workspaces you are in", "GET /user/workspaces"),
    ),
    *_group(
        "Downloads",
        _task("read-downloads", "Fetch files from Downloads",
              *every("GET", f"{at.REPOSITORY}/downloads", f"{at.REPOSITORY}/downloads/{{filename}}")),
        _task("upload-downloads", "Upload files to Downloads and remove them",
              f"POST {at.REPOSITORY}/downloads", f"DELETE {at.REPOSITORY}/downloads/{{filename}}",
              note="The same permission pushes code; reading is not part of it."),
    ),
)
# fmt: on

TASK_BY_SLUG: Final[dict[str, Task]] = {task.slug: task for task in TASKS}

GROUPS: Final[tuple[str, ...]] = tuple(dict.fromkeys(task.group for task in TASKS))
"""In the order in which they are offered."""
