"""What nobody outside Atlassian could confirm, as switches: both answers can be played."""

from dataclasses import dataclass, fields
from typing import Any


@dataclass
class Switches:
    """Each field is one open question; its default is the answer we think likelier.

    basic_checks_email: REST Basic refuses a token beside another person's e-mail address.
    disabled_listing_answers: a disabled account's token listing and deletion still answer.
    oauth_lists_ssh_keys: an OAuth access token may list its own person's SSH keys.
    listing_carries_scopes: the organisation's listing shows `scopes` of a token.
    listing_lag_seconds: how long a new token stays out of the organisation's listing.
    user_filter: what the effective-permission listing does with `q` on a user: works, ignored or refused.
    reviewer_filter: what the listing of pull requests does with `q` on a reviewer: works, ignored or refused.
    credential_type: what x-credential-type says; None is the usual word, "" leaves the header out.
    scope_headers: x-oauth-scopes and x-accepted-oauth-scopes are sent.
    detail_as_text: `error.detail` of a missing scope is JSON text instead of an object.
    token_response_key: the name of the granted scopes in a token answer: scope or scopes.
    scope_parameter_narrows: `scope` in the authorize address narrows what the consumer is granted.
    missing_grant_is_none: one person's or group's explicit grant that is not there is 200 with `none`, not 404.
    grants_survive_seat: a person's explicit grants are still listed after their seat was taken away.
    deleted_owner_is_null: a deploy key of a deleted account says `owner: null` instead of leaving it out.
    seats_carry_dates: members come with `added_on` and `last_accessed`, as long as bitbucket.org administers them.
    suspension_shows_in_profile: an account that is suspended in its directory says so in its profile.
    suspended_reads_seat: an account that is suspended or disabled still shows among the members of its workspaces.
    access_token_limit: the hourly limit of one access token, told in X-RateLimit-Limit; 0 is the ordinary one, untold.
    """

    basic_checks_email: bool = True
    disabled_listing_answers: bool = True
    oauth_lists_ssh_keys: bool = False
    listing_carries_scopes: bool = True
    listing_lag_seconds: int = 0
    user_filter: str = "works"
    reviewer_filter: str = "works"
    credential_type: str | None = None
    scope_headers: bool = True
    detail_as_text: bool = False
    token_response_key: str = "scope"
    scope_parameter_narrows: bool = False
    missing_grant_is_none: bool = False
    grants_survive_seat: bool = False
    deleted_owner_is_null: bool = False
    seats_carry_dates: bool = False
    suspension_shows_in_profile: bool = True
    suspended_reads_seat: bool = True
    access_token_limit: int = 0

    def turn(self, changes: dict[str, Any]) -> None:
        """Set several switches at once; raises ValueError for an unknown name or another type of value."""
        known = {one.name: getattr(Switches, one.name) for one in fields(self)}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"there is no switch {name!r}; there are: {', '.join(sorted(known))}")
            if name != "credential_type" and type(value) is not type(known[name]):
                raise ValueError(f"switch {name} takes a {type(known[name]).__name__}")
        for name, value in changes.items():
            setattr(self, name, value)
