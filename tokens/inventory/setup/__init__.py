"""What this workspace and this organisation let us do: probes that only read, and the sheet they fill.

A probe is a small function that asks a handful of questions and gives `Seen`s. Those of the audit key, the audit bot
and the workspace access token run in one job, those of the revoke key and the revoke bot in another, because no process
holds both. Nothing here changes anything at Bitbucket or Atlassian: what only a change could prove is "not tried".
"""
