"""The inventory: what Bitbucket and the organisation really hold, beside what was approved here."""
