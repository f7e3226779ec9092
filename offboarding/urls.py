"""Addresses of this room."""

from django.urls import path

from offboarding.views import planning, plans, report, running, step_actions, steps, tasks

_PLAN = "offboardings/<int:pk>/"
_STEP = f"{_PLAN}steps/<int:step>/"

urlpatterns = [
    path("offboardings/", plans.plan_list, name="offboardings"),
    path("offboardings/new/", planning.new, name="plan_new"),
    path("offboardings/new/list/", planning.many, name="plan_many"),
    path(_PLAN, plans.plan, name="plan"),
    path(f"{_PLAN}change/", planning.change, name="plan_change"),
    path(f"{_PLAN}rehearse/", planning.rehearse, name="plan_rehearse"),
    path(f"{_PLAN}start/", running.start, name="plan_start"),
    path(f"{_PLAN}confirm/<int:asked>/", running.confirm, name="plan_confirm"),
    path(f"{_PLAN}stop/", running.stop, name="plan_stop"),
    path(f"{_PLAN}resume/", running.resume, name="plan_resume"),
    path(f"{_PLAN}clean-up/", running.release, name="plan_release"),
    path(f"{_PLAN}cancel/", running.cancel, name="plan_cancel"),
    path(f"{_PLAN}report.pdf", report.plan_report, name="plan_report"),
    path(f"{_PLAN}pack/", report.plan_pack, name="plan_pack"),
    path(f"{_PLAN}steps/", steps.step_list, name="plan_steps"),
    path(_STEP, steps.step, name="plan_step"),
    path(f"{_STEP}retry/", step_actions.retry, name="step_retry"),
    path(f"{_STEP}attest/", step_actions.attest, name="step_attest"),
    path(f"{_STEP}skip/", step_actions.skip, name="step_skip"),
    path(f"{_STEP}force/", step_actions.force, name="step_force"),
    path(f"{_STEP}confirm/<int:asked>/", step_actions.confirm, name="step_confirm"),
    path(f"{_STEP}assign/<str:account_id>/", step_actions.assign, name="step_assign"),
    path(f"{_STEP}decide/", step_actions.decide, name="step_decide"),
    path(f"{_STEP}places/<int:item>/assign/", step_actions.item_assign, name="item_assign"),
    path(f"{_STEP}places/<int:item>/attest/", step_actions.item_attest, name="item_attest"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/<int:step>/", tasks.task, name="task"),
    path("tasks/<int:step>/attest/", tasks.attest, name="task_attest"),
    path("tasks/<int:step>/places/<int:item>/attest/", tasks.attest_place, name="task_item"),
]
