"""Who is asking: people, users, sign-in with Bitbucket, roles, access and what people are told."""
