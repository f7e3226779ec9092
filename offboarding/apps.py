"""The app that takes away what a leaver holds."""

from django.apps import AppConfig


class OffboardingConfig(AppConfig):
    """Plans, steps, evidence, coverage."""

    name = "offboarding"
