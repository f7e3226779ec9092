"""Every text means what it should, however it is wrapped."""

import pytest

from tests.tokens.catalogue.diagnosis.noise import NOISE
from tests.tokens.catalogue.diagnosis.texts import Text
from tests.tokens.catalogue.diagnosis.texts_access import ACCESS_TEXTS
from tests.tokens.catalogue.diagnosis.texts_elsewhere import ELSEWHERE_TEXTS
from tests.tokens.catalogue.diagnosis.texts_refused import REFUSED_TEXTS
from tests.tokens.catalogue.diagnosis.texts_scopes import SCOPE_TEXTS
from tokens.catalogue.diagnosis import diagnose

TEXTS = (*REFUSED_TEXTS, *ACCESS_TEXTS, *SCOPE_TEXTS, *ELSEWHERE_TEXTS)
IDS = [f"{number}-{text.rule or 'none'}" for number, text in enumerate(TEXTS)]


@pytest.mark.parametrize("text", TEXTS, ids=IDS)
def test_as_it_was_printed(text: Text) -> None:
    found = diagnose(text.text)
    assert (found.rule, found.cause, found.missing_scopes) == (text.rule, text.cause, text.missing)


@pytest.mark.parametrize("noise", NOISE)
def test_with_noise_around(noise: str) -> None:
    wrong = {}
    for name, text in zip(IDS, TEXTS, strict=True):
        found = diagnose(NOISE[noise](text.text))
        if (found.rule, found.cause, found.missing_scopes) != (text.rule, text.cause, text.missing):
            wrong[name] = (found.rule, found.cause, found.missing_scopes)
    assert not wrong
