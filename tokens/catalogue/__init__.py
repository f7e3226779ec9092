"""What Bitbucket's permissions are called, what they open and how risky they are. No Django, no network."""
