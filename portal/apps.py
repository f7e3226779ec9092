"""The app of the wiring itself."""

from importlib import import_module

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Makes sure that every process that rings knows the doorbell's address."""

    name = "portal"

    def ready(self) -> None:
        """Import the Celery application: management commands ring as well."""
        import_module("portal.celery")
