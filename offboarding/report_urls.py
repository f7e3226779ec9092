"""Addresses of what ends a plan: the report and the evidence pack."""

from django.urls import path

from offboarding.views import report

report_urls = [
    path("offboardings/<int:pk>/report.pdf", report.plan_report, name="plan_report"),
    path("offboardings/<int:pk>/pack/", report.plan_pack, name="plan_pack"),
]
