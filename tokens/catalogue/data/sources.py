"""Where the catalogue's facts come from and when each page was last read."""

from datetime import date
from typing import Final

SEEN_ON: Final = date(2026, 11, 22)
"""The day this edition of the catalogue was put together."""

OPENAPI_SEEN_ON: Final = date(2026, 6, 30)
"""Bitbucket's API document is of June 2026 (revision b62ea302637b); its day of issue is not given."""

ISSUES_AND_WIKIS_REMOVED_ON: Final = date(2026, 8, 20)
PROJECT_WRITE_REMOVED_ON: Final = date(2023, 5, 15)

REST_INTRODUCTION: Final = "https://developer.atlassian.com/cloud/bitbucket/rest/intro/"
OPENAPI: Final = "https://api.bitbucket.org/swagger.json"
API_TOKEN_PERMISSIONS: Final = "https://support.atlassian.com/bitbucket-cloud/docs/api-token-permissions"  # noqa: S105
APP_PASSWORD_PERMISSIONS: Final = "https://support.atlassian.com/bitbucket-cloud/docs/app-password-permissions"  # noqa: S105
API_TOKENS: Final = "https://support.atlassian.com/bitbucket-cloud/docs/api-tokens"
ISSUES_AND_WIKIS: Final = "https://gitlab.com/gitlab-org/gitlab/-/work_items/601061"
PROJECT_WRITE: Final = "https://developer.atlassian.com/cloud/bitbucket/deprecation-notice-project-write-scope/"
TOKEN_PREFIXES: Final = (
    "https://community.atlassian.com/forums/Bitbucket-questions/"  # noqa: S105
    "Can-we-confirm-BitBucket-s-token-prefixes/qaq-p/3093481"
)
CREDENTIAL_TYPE_HEADER: Final = (
    "https://support.atlassian.com/bitbucket-cloud/kb/how-to-fetch-the-scope-of-a-token-via-command-line"
)
