"""Addresses of the trail's pages."""

from django.urls import path

from audit import views

urlpatterns = [
    path("trail/", views.trail, name="trail"),
    path("trail/<int:seq>/", views.event, name="trail_event"),
]
