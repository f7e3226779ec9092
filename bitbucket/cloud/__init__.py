"""Bitbucket Cloud's REST API, as one credential sees it.

Source of every path and field: https://developer.atlassian.com/cloud/bitbucket/rest/ . Listings are read
with the largest page. Endpoints that Bitbucket has removed have no method here.
"""

from bitbucket.cloud.client import CloudClient
from bitbucket.cloud.reader import PAGE_LENGTH

__all__ = ["PAGE_LENGTH", "CloudClient"]
