"""The app that knows what people may hold."""

from django.apps import AppConfig


class TokensConfig(AppConfig):
    """Templates, requests, credentials, verification, revocation."""

    name = "tokens"
