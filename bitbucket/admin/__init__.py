"""Atlassian's organisation APIs, as far as they touch people's API tokens, accounts and the audit log.

Sources: https://developer.atlassian.com/cloud/admin/api-access/rest/ ,
https://developer.atlassian.com/cloud/admin/organization/rest/ and
https://developer.atlassian.com/cloud/admin/user-management/rest/ . The last takes only a key without scopes
(https://jira.atlassian.com/browse/ID-9051). The call that ends every token of the organisation has no method
here.
"""

from bitbucket.admin.client import AdminClient

__all__ = ["AdminClient"]
