"""Every template that the project ships, in the order of the shelf."""

from typing import Final

from tokens.catalogue.linter import TemplateDraft
from tokens.further_templates import FURTHER_TEMPLATES
from tokens.starter_templates import STARTER_TEMPLATES

SHIPPED_TEMPLATES: Final[tuple[TemplateDraft, ...]] = (*STARTER_TEMPLATES, *FURTHER_TEMPLATES)
