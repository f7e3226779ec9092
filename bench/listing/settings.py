"""The portal's settings with Django's admin beside it, for measuring alone."""

from portal.settings import *  # noqa: F403

DEBUG = False
ROOT_URLCONF = "bench.listing.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.admin"]  # noqa: F405
ALLOWED_HOSTS = ["testserver"]
SECURE_SSL_REDIRECT = False
PORTAL_ADMINS = ["712020:scale-000000"]
PORTAL_AUDITORS = []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING = {"version": 1, "disable_existing_loggers": True}
