"""Bitbucket's REST operations: which scopes each one asks for, and which of them a line of text means."""
