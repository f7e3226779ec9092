"""One JSON line per event on standard error, with the masker as the last thing before it is written."""

from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from audit.context import current_request_id
from tokens.catalogue.masking import HIDDEN, mask, names_a_secret


def add_request_id(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Put the request's id on the line, so that a person can report it and we can find it."""
    if request_id := current_request_id():
        event["request_id"] = request_id
    return event


def mask_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Mask whatever looks like a secret in every text of the line, nested ones too."""
    return {key: HIDDEN if names_a_secret(key) else _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: HIDDEN if names_a_secret(str(key)) else _masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return mask(str(value))


SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    add_request_id,
]


def logging_settings(*, level: str) -> dict[str, Any]:
    """Django's ``LOGGING``: everything through structlog's formatter to standard error.

    Args:
        level: the least severe level that is written, such as ``INFO``.
    """
    structlog.configure(
        processors=[
            *SHARED_PROCESSORS,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": SHARED_PROCESSORS,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            # Frames' local variables never reach a line: one of them may hold a secret.
            structlog.processors.format_exc_info,
            mask_secrets,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # Lines of every call would repeat query strings; our own line per call says what matters.
            "urllib3": {"level": "WARNING"},
            "requests": {"level": "WARNING"},
            "oauthlib": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            # Sixty lines for every font that a report embeds.
            "fontTools": {"level": "WARNING"},
        },
    }
