"""The portal's addresses, and where a plan and a task will be shown."""

from django.http import HttpResponse
from django.urls import path

from portal.urls import urlpatterns as portal_addresses

urlpatterns = [
    *portal_addresses,
    path("offboardings/<int:number>/", HttpResponse, name="plan"),
    path("offboardings/tasks/<int:number>/", HttpResponse, name="task"),
]
