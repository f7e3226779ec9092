"""Addresses of what people may hold."""

from django.urls import path

from tokens.views import credentials, decisions, home, lists, pasting, requests

urlpatterns = [
    path("", home.home, name="home"),
    path("get-access/", requests.get_access, name="get_access"),
    path("get-access/<slug:slug>/", requests.request_form, name="request_form"),
    path("requests/", lists.request_list, name="requests"),
    path("requests/<str:code>/", requests.request_detail, name="request"),
    path("requests/<str:code>/withdraw/", requests.withdraw, name="withdraw"),
    path("requests/<str:code>/approve/", decisions.approve, name="approve"),
    path("requests/<str:code>/deny/", decisions.deny, name="deny"),
    path("requests/<str:code>/look/", decisions.look, name="look"),
    path("requests/<str:code>/create/", pasting.create, name="create"),
    path("requests/<str:code>/checks/<int:pk>/", pasting.verification, name="verification"),
    path("requests/<str:code>/checks/<int:pk>/accept/", pasting.accept, name="accept_smaller"),
    path("approvals/", decisions.approvals, name="approvals"),
    path("credentials/", lists.inventory, name="credentials"),
    path("credentials/<int:pk>/", credentials.detail, name="credential"),
    path("credentials/<int:pk>/use/", credentials.use, name="credential_use"),
    path("credentials/<int:pk>/revoke/", credentials.revoke, name="credential_revoke"),
    path("credentials/<int:pk>/lost/", credentials.lost, name="credential_lost"),
    path("credentials/<int:pk>/choose/", credentials.choose, name="credential_choose"),
    path("credentials/<int:pk>/attest/", credentials.attest, name="credential_attest"),
    path("findings/", lists.findings, name="findings"),
    path("people/<str:account_id>/", lists.person, name="person"),
]
