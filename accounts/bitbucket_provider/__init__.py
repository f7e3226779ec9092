"""Sign-in with Bitbucket for django-allauth: its provider, at the addresses the settings name."""
