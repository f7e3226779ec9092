"""From what somebody wants to do to the smallest set of scopes, the template and the kind that fit."""
