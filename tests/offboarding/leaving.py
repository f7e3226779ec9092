"""What the tests of this room do over and over: plan, start, run what is due, look."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User, Workspace
from bitbucket.resources import DeployKey as CloudKey
from bitbucket.resources.people import AccountReference
from offboarding.models import Plan, Step
from offboarding.operations.planning import Wanted, plan_offboarding
from offboarding.operations.starting import start_plan
from offboarding.operations.step_actions import retry_step
from offboarding.states import STUCK, TASK_KINDS, StepKind
from sandbox.deploy_keys import DeployKey, public_key
from sandbox.model import Account
from tests.tokens.desk import Desk
from tokens.models import Credential, Repository
from tokens.operations.observed_keys import observe_deploy_keys
from workqueue import runner
from workqueue.models import DUE_STATES, Job

CUT = ("offboard_delete_tokens", "offboard_switch_off", "offboard_delete_late_tokens")
CLEAN_UP = ("offboard_read_rights", "offboard_remove_grant", "offboard_deploy_key", "offboard_prove_rights")
YEAR = timedelta(days=300)
HELD = "Its turn has not come yet."


@dataclass
class Leaving:
    """One leaver, the admin, and their plan.

    Attributes:
        desk: portal and sandbox.
        admin: who plans and starts.
        leaver: whose plan it is.
    """

    desk: Desk
    admin: User
    leaver: User

    def plan(self, wanted: Wanted | None = None) -> Plan:
        """A draft."""
        return plan_offboarding(self.leaver.person, wanted=wanted or Wanted(), acting_user=self.admin)

    def started(self) -> Plan:
        """A plan whose cut begins now."""
        return start_plan(self.plan(), acting_user=self.admin)

    def run(self, *kinds: str, rounds: int = 30) -> int:
        """Do attempts at every due or waiting job of these kinds until nothing is left or a round changes nothing.

        Returns: how many attempts were made.
        """
        made = 0
        for _ in range(rounds):
            open_ones = Job.objects.filter(state__in=DUE_STATES, kind__in=kinds).exclude(reason=HELD)
            ids = list(open_ones.order_by("pk").values_list("pk", flat=True))
            if not ids:
                return made
            for pk in ids:
                if Job.objects.filter(pk=pk, state__in=DUE_STATES).update(next_attempt_at=Now()):
                    runner.run(pk)
                    made += 1
        return made

    def run_one(self, step: Step) -> None:
        """One attempt at one step, if it waits for one."""
        if Job.objects.filter(pk=step.job_id, state__in=DUE_STATES).update(next_attempt_at=Now()):
            runner.run(step.job_id)

    def cut(self) -> Plan:
        """Started, and cut."""
        plan = self.started()
        self.run(*CUT)
        plan.refresh_from_db()
        return plan

    def deploy_key(self) -> Credential:
        """A deploy key that the leaver added, as the inventory found it."""
        acme = self.desk.world.workspaces["acme"]
        place, number = acme.repositories[0], acme.deploy_keys.next_id()
        text = public_key("leaving", number)
        acme.deploy_keys.put(
            DeployKey(number, place.uuid, text, "cluster", self.account.account_id, self.desk.world.now())
        )
        workspace = Workspace.objects.get(uuid=acme.uuid)
        now = timezone.now()
        row = Repository.objects.get_or_create(
            workspace=workspace,
            uuid=place.uuid,
            defaults={
                "slug": place.slug,
                "full_name": place.full_name,
                "first_seen_at": now,
                "observed_at": now,
            },
        )[0]
        told = CloudKey(
            str(number),
            "cluster",
            "",
            "",
            now,
            None,
            AccountReference(self.account.account_id, self.account.uuid, self.account.display_name),
        )
        observe_deploy_keys(row, [told], read_by="deploy keys", at=now)
        return Credential.objects.get(kind="deploy_key", listing_id__endswith=f":{number}")

    def key_lives(self, key: Credential) -> bool:
        """Whether the key is still at the sandbox."""
        number = int((key.listing_id or "").rpartition(":")[2])
        return any(one.id == number for one in self.desk.world.workspaces["acme"].deploy_keys.everything())

    def drop_key(self, key: Credential) -> None:
        """Somebody deletes it at Bitbucket."""
        keys = self.desk.world.workspaces["acme"].deploy_keys
        number = int((key.listing_id or "").rpartition(":")[2])
        keys.drop(next(one for one in keys.everything() if one.id == number))

    def retry_stuck(self, plan: Plan) -> None:
        """The admin lets whatever is stuck be tried again."""
        stuck = plan.steps.filter(closed_at=None, job__state__in=STUCK).exclude(kind__in=TASK_KINDS)
        for step in stuck.exclude(kind=StepKind.DEPLOY_KEY, decision=""):
            retry_step(step, acting_user=self.admin)

    def step(self, plan: Plan, kind: StepKind) -> Step:
        """The newest step of a kind."""
        return Step.objects.select_related("job").filter(plan=plan, kind=kind).order_by("-pk")[0]

    def token(self, label: str = "laptop") -> str:
        """The leaver makes an API token; its id."""
        made, _ = self.desk.world.create_api_token(
            self.account, label=label, scopes=("read:repository:bitbucket",), expires_at=self.desk.world.now() + YEAR
        )
        return made.id

    @property
    def account(self) -> Account:
        """The leaver at the sandbox."""
        return self.desk.world.accounts[self.leaver.person.account_id]

    def without_scope(self, bot: str, scope: str) -> None:
        """A bot's token is one that lacks a scope."""
        tokens, account = self.desk.world.api_tokens, self.desk.world.account(bot)
        assert account is not None
        for token in self.desk.world.tokens_of(account.account_id):
            tokens[token.id] = replace(token, scopes=tuple(one for one in token.scopes if one != scope))

    def demote(self, bot: str) -> None:
        """A bot is no administrator of the workspace any more."""
        acme, account = self.desk.world.workspaces["acme"], self.desk.world.account(bot)
        assert account is not None
        acme.seats[account.account_id] = "member"
        acme.touch()

    def grants_left(self) -> list[tuple[str, str, str]]:
        """Where the leaver has a grant by name that counts, with the level: without a seat none does."""
        acme, account_id = self.desk.world.workspaces["acme"], self.account.account_id
        if account_id not in acme.seats:
            return []
        mine = [one for one in acme.grants if one.holder == "users" and one.name == account_id]
        return [(one.level, one.place, one.permission) for one in mine]

    def tokens_left(self) -> int:
        """How many API tokens the leaver has at the sandbox."""
        return len(self.desk.world.tokens_of(self.leaver.person.account_id))
