"""A key that vanishes although nobody deleted it here."""

from accounts.models import Notification, User
from tests.tokens.keys.rack import Rack
from tokens.inventory.setup.unconfirmed import open_questions
from tokens.models import Credential
from tokens.operations.revocations import start_revocation


def test_holder_deputy_and_admins_hear_of_it(rack: Rack, ada: User) -> None:
    credential = rack.added()
    rack.acme.deploy_keys.drop(rack.entry(credential))
    rack.observe()
    credential.refresh_from_db()
    assert credential.state == "gone"
    for user in (rack.holder, rack.deputy, ada):
        assert Notification.objects.filter(person=user.person, subject__startswith="Vanished").count() == 1
    seen = next(one["seen"] for one in open_questions({}) if "die with the right" in one["question"])
    assert seen == "The portal added 1; 1 vanished without anybody asking for it here."


def test_what_is_being_deleted_has_its_own_proof(rack: Rack) -> None:
    """An inventory run between the deletion and the job's own read does not call it gone."""
    credential = rack.added()
    start_revocation(credential, reason="Not needed", acting_user=rack.holder)
    rack.desk.fault(path="*/deploy-keys/*", method="DELETE", kind="done_then_status", status=503)
    rack.work("delete_key")
    rack.desk.world.faults.clear()
    rack.observe()
    credential.refresh_from_db()
    assert credential.state == "revoking"
    rack.work("delete_key")
    credential.refresh_from_db()
    assert credential.state == "revoked"
    assert Credential.objects.filter(request=credential.request).count() == 1
