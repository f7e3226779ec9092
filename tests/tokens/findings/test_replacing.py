"""A found token that does not fit what was approved: a new one takes its place, checked at a real sandbox."""

from tests.tokens.desk import Desk, signed_in
from tests.tokens.findings.found import READ, WRITE, found_token
from tests.tokens.findings.test_adopting import ask_for, page_of


def test_the_new_one_offers_the_old_one_for_deletion(desk: Desk) -> None:
    holder = desk.user("lee")
    old = found_token(holder.person, name="old laptop", scopes=[READ, WRITE])
    request = ask_for(old, holder)
    made = desk.token(request, owner="lee")
    new = desk.check(holder, request, made.secret).registered_as
    assert new is not None
    request.refresh_from_db()
    assert "The old one still works: delete it" in page_of(request, holder)
    assert "still works: delete it" in signed_in(holder).get(new.get_absolute_url()).content.decode()
    assert "old laptop" in holder.person.notifications.latest("pk").body
