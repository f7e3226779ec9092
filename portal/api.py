"""The HTTP API, below /api/v1/: for whoever is signed in, with the form token that every change needs."""

from ninja import NinjaAPI
from ninja.security import django_auth

from tokens.api import router

api = NinjaAPI(
    title="Credential Portal",
    version="1",
    urls_namespace="api",
    docs_url=None,  # its pages load scripts from elsewhere; the document itself is at openapi.json
    auth=django_auth,
)
api.add_router("", router)
