"""Bitbucket's pipelines and what they run with. A variable's value is left behind where the answer is read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bitbucket.fields import Fields
from bitbucket.resources.people import AccountReference
from bitbucket.resources.public_keys import ssh_fingerprint


@dataclass(frozen=True)
class Pipeline:
    """One run.

    Args:
        uuid: its id.
        build_number: its number in the repository, 0 where it is not told.
        creator: on whose behalf it ran; empty where the account is deleted or not told.
        trigger: what started it, in the vendor's word: PUSH, MANUAL, or a type such as pipeline_trigger_push.
        ref_name: the branch or tag, or empty.
        created_at: when it was started; None where it is not told.
    """

    uuid: str
    build_number: int
    creator: AccountReference
    trigger: str
    ref_name: str
    created_at: datetime | None

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `pipeline` object."""
        trigger, target = fields.inner_or_none("trigger"), fields.inner_or_none("target")
        return cls(
            uuid=fields.text("uuid"),
            build_number=fields.number_or("build_number"),
            creator=AccountReference.parsed(fields.inner_or_none("creator")),
            trigger=(trigger.text_or("name") or trigger.text_or("type")) if trigger else "",
            ref_name=target.text_or("ref_name") if target else "",
            created_at=fields.moment_or_none("created_on"),
        )


@dataclass(frozen=True)
class Variable:
    """A variable's name. Where it is not told that the value is secured, `is_secured` is False: anyone may read it."""

    uuid: str
    key: str
    is_secured: bool

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `pipeline_variable` or `deployment_variable` object; its `value` is not looked at."""
        return cls(fields.text("uuid"), fields.text("key"), fields.flag_or("secured"))


@dataclass(frozen=True)
class Environment:
    """A place that a repository deploys to."""

    uuid: str
    name: str

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `deployment_environment` object."""
        return cls(fields.text("uuid"), fields.text_or("name"))


@dataclass(frozen=True)
class Runner:
    """A self-hosted runner; it holds an OAuth client of its own, of which only the id is kept."""

    uuid: str
    name: str
    labels: tuple[str, ...]
    status: str
    oauth_client_id: str

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `pipeline_runner` object; the client's secret is not looked at."""
        state, client = fields.inner_or_none("state"), fields.inner_or_none("oauth_client")
        return cls(
            uuid=fields.text("uuid"),
            name=fields.text_or("name"),
            labels=tuple(fields.texts_or_none("labels") or ()),
            status=state.text_or("status") if state else "",
            oauth_client_id=client.text_or("id") if client else "",
        )


@dataclass(frozen=True)
class Schedule:
    """What starts a pipeline by the clock. Where it is not told that it is off, it is on."""

    uuid: str
    is_enabled: bool
    cron_pattern: str
    ref_name: str

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `pipeline_schedule` object."""
        target = fields.inner_or_none("target")
        return cls(
            fields.text("uuid"),
            fields.flag_or("enabled", default=True),
            fields.text_or("cron_pattern"),
            target.text_or("ref_name") if target else "",
        )


@dataclass(frozen=True)
class PipelineSshKey:
    """The SSH key pair of a repository's pipelines: where its public half was put, whoever runs a pipeline gets in.

    Args:
        fingerprint: `SHA256:…` of the public half, empty where it is no usable key.
    """

    fingerprint: str

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `pipeline_ssh_key_pair` object; its `private_key` is not looked at."""
        return cls(ssh_fingerprint(fields.text("public_key")))
