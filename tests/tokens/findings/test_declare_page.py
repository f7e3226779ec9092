"""The page on which holders say what was found in their name: many answers in one form, no script."""

import re
from typing import Any

from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from tests.tokens.desk import signed_in
from tests.tokens.findings.found import READ, finding_of, found_token, in_days, unknown_token
from tokens.models import Credential, Standing

PAGE, SEND = "/declare/", "/declare/answer/"


def text(browser: Client, url: str = PAGE) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def answers(*given: tuple[Credential, str, str]) -> dict[str, Any]:
    form: dict[str, Any] = {}
    for token, answer, words in given:
        form |= {f"c{token.pk}-answer": answer, f"c{token.pk}-words": words}
    return form


def shown(page: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'data-credential="(\d+)"', page)]


def test_it_shows_what_is_to_be_answered_and_nothing_else(emma: User, lee: User) -> None:
    mine = found_token(emma.person, name="old laptop", scopes=[READ], last_used_at=in_days(-2))
    unknown = unknown_token(emma.person)
    finding_of(mine)
    for more in ({"standing": Standing.OTHER_PRODUCT}, {"standing": Standing.OWN}, {"state": "expired"}):
        found_token(emma.person, **more)
    found_token(lee.person)
    page = text(signed_in(emma))
    assert shown(page) == [mine.pk, unknown.pk]
    for words in ("old laptop", "0 of 2", "It can: ", "Answer until", "2 days ago"):
        assert words in page, words


def test_not_for_bitbucket_is_offered_only_where_nobody_can_tell(emma: User) -> None:
    found_token(emma.person, scopes=[READ])
    assert 'value="not_bitbucket"' not in text(signed_in(emma))
    unknown_token(emma.person)
    assert text(signed_in(emma)).count('value="not_bitbucket"') == 1


def test_many_are_answered_in_one_form(emma: User) -> None:
    first, second, third = found_token(emma.person, scopes=[READ]), unknown_token(emma.person), found_token(emma.person)
    form = answers((first, "uses", "Nightly report"), (second, "not_bitbucket", ""), (third, "", ""))
    page = signed_in(emma).post(SEND, form, follow=True).content.decode()
    for token in (first, second, third):
        token.refresh_from_db()
    assert [token.answer for token in (first, second, third)] == ["uses", "not_bitbucket", ""]
    assert "2 answers are kept" in page
    assert "2 of 3" in page
    assert "Nightly report" in page
    assert shown(page)[0] == third.pk
    assert f'href="/declare/{first.pk}/register/"' in page


def test_the_only_answer_in_use_leads_on_to_registering(emma: User) -> None:
    token = found_token(emma.person, scopes=[READ])
    answer = signed_in(emma).post(SEND, answers((token, "uses", "Nightly report")))
    assert answer["Location"] == f"/declare/{token.pk}/register/"


def test_in_use_without_words_keeps_nothing_and_says_so(emma: User) -> None:
    first, second = found_token(emma.person), found_token(emma.person)
    answer = signed_in(emma).post(SEND, answers((first, "uses", " "), (second, "not_mine", "")))
    second.refresh_from_db()
    assert (answer.status_code, second.answer) == (422, "")
    assert "Say what you use it for" in answer.content.decode()


def test_a_secret_is_not_kept(emma: User) -> None:
    token = found_token(emma.person)
    answer = signed_in(emma).post(SEND, answers((token, "uses", "ATATT3xFfGF0notarealtoken1234567890abcdefgh")))
    token.refresh_from_db()
    assert (answer.status_code, token.answer_words) == (422, "")
    assert "looks like it holds a secret" in answer.content.decode()


def test_others_are_not_answered_for(emma: User, lee: User) -> None:
    token = found_token(lee.person)
    assert signed_in(emma).post(SEND, answers((token, "delete", ""))).status_code == 422
    token.refresh_from_db()
    assert (token.state, token.answer) == ("active", "")


def test_an_answer_that_stays_the_same_is_not_sent_again(emma: User, ada: User) -> None:
    token = found_token(emma.person)
    form = answers((token, "not_mine", "Never seen"))
    for _ in range(2):
        signed_in(emma).post(SEND, form)
    assert ada.person.notifications.count() == 1


def test_deleting_starts_at_once_and_shows(emma: User) -> None:
    token = found_token(emma.person)
    page = signed_in(emma).post(SEND, answers((token, "delete", "")), follow=True).content.decode()
    token.refresh_from_db()
    assert token.state == "revoking"
    assert "Being revoked" in page
    assert "Change the answer" not in page


def test_late_answers_are_welcome(emma: User) -> None:
    finding_of(found_token(emma.person), due_at=in_days(-3))
    assert "you still can" in text(signed_in(emma))


def test_nothing_found_says_how_something_would_appear(emma: User) -> None:
    assert "Nothing to answer" in text(signed_in(emma))


def test_home_leads_there_while_something_is_open(emma: User, settings: Settings) -> None:
    browser = signed_in(emma)
    assert 'href="/declare/"' not in text(browser, "/")
    token = found_token(emma.person)
    assert 'href="/declare/"' in text(browser, "/")
    settings.INVENTORY_MODE = "observe"
    assert 'href="/declare/"' not in text(browser, "/")
    settings.INVENTORY_MODE = "advise"
    Credential.objects.filter(pk=token.pk).update(answer="not_mine")
    assert 'href="/declare/"' not in text(browser, "/")


def test_the_page_stays_within_its_queries(emma: User, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(40):
        finding_of(found_token(emma.person, scopes=[READ], answer="uses", answer_words="x", answered_at=in_days(0)))
        found_token(emma.person)
    browser = signed_in(emma)
    with django_assert_max_num_queries(8):
        assert len(shown(text(browser))) == 50
