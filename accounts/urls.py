"""Addresses of this room. Of allauth's own pages only the two that a sign-in needs exist."""

from django.urls import path

from accounts import service_token_views, views
from accounts.bitbucket_provider.views import oauth2_callback, oauth2_login

urlpatterns = [
    path("signin/", views.signin, name="signin"),
    path("signin/bitbucket/", oauth2_login, name="bitbucket_oauth2_login"),
    path("signin/bitbucket/callback/", oauth2_callback, name="bitbucket_oauth2_callback"),
    path("signin/link/", views.signin_link, name="signin_link"),
    path("signout/", views.signout, name="signout"),
    path("signed-out/", views.signed_out, name="signed_out"),
    path("approvers/", views.approvers, name="approvers"),
    path("approvers/<str:account_id>/name/", views.name_approver, name="name_approver"),
    path("approvers/<str:account_id>/remove/", views.remove_approver, name="remove_approver"),
    path("service-tokens/", service_token_views.service_tokens, name="service_tokens"),
    path(
        "service-tokens/<int:token_id>/revoke/", service_token_views.revoke_service_token, name="revoke_service_token"
    ),
    path("people/", views.people, name="people"),
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.read_notifications, name="read_notifications"),
    path("notifications/<int:notification_id>/open/", views.open_notification, name="open_notification"),
]
