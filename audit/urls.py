"""Addresses of the trail's pages."""

from django.urls import path

from audit import pack_views, views

urlpatterns = [
    path("trail/", views.trail, name="trail"),
    path("trail/<int:seq>/", views.event, name="trail_event"),
    path("trail/packs/<int:pk>/", pack_views.pack, name="trail_pack"),
    path("trail/verify.py", pack_views.verifier_file, name="trail_verifier"),
]
