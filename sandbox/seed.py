"""Builds the same organisation for the same numbers: cast, members, tokens, keys of people."""

import hashlib
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sandbox import cast, keys
from sandbox.deploy_keys import fingerprint, public_key
from sandbox.model import Account, AdminKey, ApiToken, Consumer, GpgKey, SshKey
from sandbox.options import Options
from sandbox.scopes import full_name


def account_from_role(role: cast.Role, seed: int, epoch: datetime) -> Account:
    """Make one of the cast; Sam's address is at a domain the organisation has not claimed."""
    domain = "acme.test" if role.managed else "elsewhere.test"
    return Account(
        key=role.key,
        account_id=f"712020:{role.key}-{keys.stable_uuid(seed, 'account', role.key)[:8]}",
        uuid=keys.braced(seed, "user", role.key),
        display_name=role.display_name,
        nickname=role.key,
        email=f"{role.key}@{domain}",
        created_at=epoch - timedelta(days=900),
        managed=role.managed,
        is_persona=role.is_persona,
    )


def accounts(options: Options, epoch: datetime) -> list[Account]:
    """Make the cast and the numbered members."""
    members = (
        cast.Role(f"member-{number}", f"Member {number}", "", "member", is_persona=False)
        for number in range(1, options.members + 1)
    )
    return [account_from_role(role, options.seed, epoch) for role in (*cast.CAST, *members)]


def consumer(options: Options) -> Consumer:
    """Make the OAuth consumer of the portal, with exact callbacks for both ways to write the loopback host."""
    urls = list(options.callback_urls)
    address = urlsplit(options.portal_url)
    port = f":{address.port}" if address.port else ""
    for host in ("127.0.0.1", "localhost"):
        urls += [f"{address.scheme}://{host}{port}{path}" for path in cast.CALLBACK_PATHS]
    secret = keys.demo_secret("", options.seed, "oauth-secret")
    return Consumer(
        key=keys.demo_secret("", options.seed, "oauth-key")[:25],
        secret_digest=keys.digest(secret),
        name="Credential portal",
        callback_urls=list(dict.fromkeys(urls)),
        scopes=("account", "email"),
    )


def admin_keys(options: Options) -> list[AdminKey]:
    """Make the organisation's two keys: one scoped to read tokens, one without scopes."""
    audit = keys.digest(demo_value(options.seed, "audit-key"))
    revoke = keys.digest(demo_value(options.seed, "revoke-key"))
    return [AdminKey("audit", audit, cast.AUDIT_KEY_SCOPES), AdminKey("revoke", revoke, None)]


def demo_value(seed: int, purpose: str) -> str:
    """Give a demo secret by its purpose: audit-key, revoke-key, audit-bot, revoke-bot, oauth-secret."""
    prefixes = {"audit-key": keys.ACCESS_TOKEN, "revoke-key": keys.ACCESS_TOKEN, "oauth-secret": ""}
    return keys.demo_secret(prefixes.get(purpose, keys.API_TOKEN), seed, purpose)


def api_tokens(options: Options, people: list[Account], epoch: datetime) -> list[ApiToken]:
    """Make the bots' tokens, Lee's, and the numbered ones that fill the organisation's listing."""
    by_key = {person.key: person for person in people}
    bots = [
        _bot_token(options, by_key["audit-bot"], cast.AUDIT_BOT_SCOPES, epoch),
        _bot_token(options, by_key["revoke-bot"], cast.REVOKE_BOT_SCOPES, epoch),
    ]
    lee = [
        _plain_token(options, by_key["lee"], "laptop", ("read:repository", "write:repository"), epoch, 1),
        _plain_token(options, by_key["lee"], "old build server", ("read:repository", "admin:repository"), epoch, 2),
        _plain_token(options, by_key["lee"], "issue import", (), epoch, 3),
        _other_token(options, by_key["lee"], "board export", ("read:jira-work",), epoch, 4),
    ]
    holders = [person for person in people if person.key.startswith("member-")] or [by_key["emma"]]
    return bots + lee + [_filler(options, holders, number, epoch) for number in range(options.tokens)]


def _bot_token(options: Options, bot: Account, scopes: tuple[str, ...], epoch: datetime) -> ApiToken:
    return ApiToken(
        id=keys.stable_uuid(options.seed, "token", bot.key),
        account_id=bot.account_id,
        label=f"portal {bot.key}",
        digest=keys.digest(demo_value(options.seed, bot.key)),
        scopes=tuple(full_name(scope) for scope in scopes),
        created_at=epoch - timedelta(days=10),
        expires_at=epoch + timedelta(days=355),
        seeded=True,
    )


def _plain_token(
    options: Options, owner: Account, label: str, scopes: tuple[str, ...], epoch: datetime, number: int
) -> ApiToken:
    identity = keys.stable_uuid(options.seed, "token", owner.key, label, number)
    return ApiToken(
        id=identity,
        account_id=owner.account_id,
        label=label,
        digest=keys.digest(keys.demo_secret(keys.API_TOKEN, options.seed, f"token/{identity}")),
        scopes=tuple(full_name(scope) for scope in scopes),
        created_at=epoch - timedelta(days=20 + number % 200),
        expires_at=epoch + timedelta(days=30 + number % 300),
        last_access=epoch - timedelta(hours=number % 400) if number % 3 else None,
        seeded=True,
    )


def _other_token(
    options: Options, owner: Account, label: str, scopes: tuple[str, ...], epoch: datetime, number: int
) -> ApiToken:
    """A token of another product of Atlassian's: its scopes are no Bitbucket's."""
    made = _plain_token(options, owner, label, (), epoch, number)
    made.scopes = scopes
    return made


def _filler(options: Options, holders: list[Account], number: int, epoch: datetime) -> ApiToken:
    labels = ("build", "laptop", "script", "dashboard", "issue export")
    sets = (
        ("read:repository",),
        ("read:repository", "write:repository"),
        ("read:pullrequest",),
        ("read:pipeline",),
        (),
    )
    owner = holders[number % len(holders)]
    return _plain_token(options, owner, f"{labels[number % 5]} {number + 1}", sets[number % 5], epoch, number)


def ssh_keys(options: Options, people: list[Account], epoch: datetime) -> list[SshKey]:
    """Make two SSH keys of Lee's and one of Emma's."""
    by_key = {person.key: person.account_id for person in people}
    owners = (("lee", "laptop"), ("lee", "desktop"), ("emma", "laptop"))
    return [_ssh_key(options.seed, owner, by_key[owner], label, epoch) for owner, label in owners]


def gpg_keys(options: Options, people: list[Account], epoch: datetime) -> list[GpgKey]:
    """Make the GPG key that Lee signs commits with."""
    lee = next(person.account_id for person in people if person.key == "lee")
    fingerprint_of_it = hashlib.sha256(f"{options.seed}/gpg/lee".encode()).hexdigest()[:40].upper()
    return [GpgKey(lee, "laptop", fingerprint_of_it, epoch - timedelta(days=200))]


def _ssh_key(seed: int, owner: str, account_id: str, label: str, epoch: datetime) -> SshKey:
    text = public_key(seed, "ssh", owner, label)
    identity = keys.braced(seed, "ssh", owner, label)
    return SshKey(identity, account_id, label, fingerprint(text), epoch - timedelta(days=120), text)
