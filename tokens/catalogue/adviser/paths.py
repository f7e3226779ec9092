"""Beginnings of Bitbucket's paths, spelt as its API document spells them, for the lists of tasks and tools."""

from typing import Final

REPOSITORIES: Final = "/repositories/{workspace}"
REPOSITORY: Final = f"{REPOSITORIES}/{{repo_slug}}"
BRANCHES: Final = f"{REPOSITORY}/refs/branches"
TAGS: Final = f"{REPOSITORY}/refs/tags"
FILE: Final = f"{REPOSITORY}/src/{{commit}}/{{path}}"
COMMIT: Final = f"{REPOSITORY}/commit/{{commit}}"
BUILD_STATUSES: Final = f"{COMMIT}/statuses/build"
BUILD_STATUS: Final = f"{BUILD_STATUSES}/{{key}}"
REPORT: Final = f"{COMMIT}/reports/{{reportId}}"
PULL_REQUESTS: Final = f"{REPOSITORY}/pullrequests"
PULL_REQUEST: Final = f"{PULL_REQUESTS}/{{pull_request_id}}"
PULL_REQUEST_COMMENT: Final = f"{PULL_REQUEST}/comments/{{comment_id}}"
PULL_REQUEST_TASK: Final = f"{PULL_REQUEST}/tasks/{{task_id}}"
HOOKS: Final = f"{REPOSITORY}/hooks"
HOOK: Final = f"{HOOKS}/{{uid}}"
PIPELINES: Final = f"{REPOSITORY}/pipelines"
PIPELINE: Final = f"{PIPELINES}/{{pipeline_uuid}}"
PIPELINES_CONFIG: Final = f"{REPOSITORY}/pipelines_config"
VARIABLES: Final = f"{PIPELINES_CONFIG}/variables"
SCHEDULES: Final = f"{PIPELINES_CONFIG}/schedules"
DEPLOYMENT_VARIABLES: Final = f"{REPOSITORY}/deployments_config/environments/{{environment_uuid}}/variables"
DEPLOY_KEYS: Final = f"{REPOSITORY}/deploy-keys"
RUNNERS: Final = f"{REPOSITORY}/pipelines-config/runners"
WORKSPACE: Final = "/workspaces/{workspace}"
WORKSPACE_HOOKS: Final = f"{WORKSPACE}/hooks"
WORKSPACE_HOOK: Final = f"{WORKSPACE_HOOKS}/{{uid}}"
WORKSPACE_RUNNERS: Final = f"{WORKSPACE}/pipelines-config/runners"
WORKSPACE_VARIABLES: Final = f"{WORKSPACE}/pipelines-config/variables"
PROJECTS: Final = f"{WORKSPACE}/projects"
PROJECT: Final = f"{PROJECTS}/{{project_key}}"
USER: Final = "/users/{selected_user}"
SNIPPET: Final = "/snippets/{workspace}/{encoded_id}"

GIT_FETCH: Final = "git fetch"
GIT_PUSH: Final = "git push"


def every(methods: str, *paths: str) -> tuple[str, ...]:
    """Each of some methods, separated by spaces, on each of some paths."""
    return tuple(f"{method} {path}" for path in paths for method in methods.split())
