"""Making, changing and retiring templates. A version is never changed: what is new is a new row."""

from tokens.operations.templates.installing import SHIPPED_NOTE, Installation, install_templates
from tokens.operations.templates.publishing import (
    Publication,
    Unpublishable,
    publish_version,
    publish_versions,
)
from tokens.operations.templates.shelf import dismiss_proposal, restore_template, retire_template

__all__ = [
    "SHIPPED_NOTE",
    "Installation",
    "Publication",
    "Unpublishable",
    "dismiss_proposal",
    "install_templates",
    "publish_version",
    "publish_versions",
    "restore_template",
    "retire_template",
]
