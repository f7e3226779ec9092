"""REST clients for Bitbucket Cloud and the Atlassian organisation; no framework, no database, no settings."""
