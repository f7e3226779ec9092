"""The web process's entry."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("PORTAL_PROCESS", "web")

import portal.celery  # noqa: F401  the doorbell's address must be known before a view rings

application = get_wsgi_application()
