"""How forms look: Django's own rendering with our templates under ``templates/django/forms``."""

from django.forms.renderers import TemplatesSetting


class PortalFormRenderer(TemplatesSetting):
    """Render a form as fields with label, help and errors tied to them, under a summary of what is wrong.

    ``{{ form }}`` renders all fields; ``{{ form.reason.as_field_group }}`` renders one. Radio buttons and
    groups of checkboxes become fieldsets; a widget with ``attrs={"class": "cards"}`` shows its choices as
    cards. The label of a choice may be any object with ``__str__`` and ``words``, the line below it.
    """
