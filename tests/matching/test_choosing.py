"""Which model decides is said by whoever runs the site, and a version stays what it was."""

import json

import pytest
from sqlalchemy import select

from portal.errors import Refused
from portal.matching.choosing import accept_model, choices, current_model, find_text, model_of
from portal.matching.explained import find_explanation
from portal.matching.model import CURRENT, DATA, BadModel
from portal.matching.models import Judgement, Match
from portal.matching.service import use_model
from portal.police.models import CrimeRecord
from portal.reports.models import Allegation
from portal.site import Site
from tests.matching.test_judging import Sure, burglary
from tests.rig.supplies import take
from tests.rig.town import look


def text_of(version: str = "ours-2", **changed: object) -> str:
    data = json.loads((DATA / f"model_{CURRENT}.json").read_text())
    return json.dumps({**data, "version": version, **changed})


def use(site: Site, text: str) -> None:
    with site.database.transaction() as session:
        use_model(session, text, now=site.now())


def decided_by(site: Site) -> set[str]:
    with site.database.reading() as session:
        return set(session.scalars(select(Match.model_version)))


def test_the_model_that_comes_with_the_program_decides_until_another_is_accepted(
    site: Site,
) -> None:
    crime = burglary()
    crime.report(site, Sure())
    take(site, [crime.record()])
    look(site)
    assert decided_by(site) == {CURRENT}
    use(site, text_of())
    assert decided_by(site) == {CURRENT}
    look(site)
    assert decided_by(site) == {"ours-2"}
    with site.database.reading() as session:
        assert session.scalars(select(Judgement.model_version)).one() == "ours-2"
        assert [one.version for one in choices(session)] == ["ours-2"]
        match = session.scalars(select(Match)).one()
        allegation = session.scalars(select(Allegation)).one()
        record = session.scalars(select(CrimeRecord)).one()
        # What was decided by a model that no file holds is explained all the same.
        assert model_of(match).version == "ours-2"
        assert find_explanation(match, allegation, record) is not None


def test_the_newest_choice_decides_and_an_earlier_model_can_come_back(site: Site) -> None:
    for text in (text_of("ours-2"), text_of("ours-3"), text_of("ours-2")):
        use(site, text)
    with site.database.reading() as session:
        assert current_model(session).version == "ours-2"
        assert [one.version for one in choices(session)] == ["ours-2", "ours-3", "ours-2"]
        back = find_text(session, CURRENT)
    use(site, back)
    with site.database.reading() as session:
        assert current_model(session).version == CURRENT


@pytest.mark.parametrize("version", ["ours-2", CURRENT])
def test_a_version_is_never_another_model_later_on(site: Site, version: str) -> None:
    use(site, text_of("ours-2"))
    bounds = {"most_found": 400, "kept_below": 10.0, "same_person": 10.0}
    with site.database.transaction() as session, pytest.raises(Refused, match="stay explainable"):
        accept_model(session, text_of(version, bounds=bounds), now=site.now())
    with site.database.reading() as session:
        assert len(choices(session)) == 1


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"version": "../x"}', '{"version": "a"}', "[" * 9]
)
def test_what_is_no_model_is_refused_and_the_one_before_goes_on(site: Site, text: str) -> None:
    with site.database.transaction() as session, pytest.raises(BadModel):
        use_model(session, text, now=site.now())
    with site.database.reading() as session:
        assert current_model(session).version == CURRENT
        with pytest.raises(BadModel):
            find_text(session, "../../etc")
