"""Promises about the forms of a case: what is put on record holds together, and nothing is lost."""

import pytest
from flask import Flask

from portal.web.choices import Option
from portal.web.oversight.case_forms import MOST_FOR_MATCH, ReadForm
from tests.rig.clock import HandClock
from tests.rig.people import add_person, site_of
from tests.rig.reviewed import case_of, waiting_case


def test_a_reader_chooses_among_what_can_be_its_record_and_takes_back_what_is(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock, references=("54/7/26", "54/8/26"))
    sides = case_of(site, filed, add_person(site, "inspector")).proposed
    newest = {one.record.id: one.version.id for one in sides}
    with app.test_request_context("/"):
        form = ReadForm()
        form.offer(sides, (), newest=newest)
        chosen = [one.value for one in form.decision.options]
        assert chosen == [*(f"is-{one.record.id}" for one in sides), "none", "cannot"]
        form.offer((), sides[:1], newest=newest)
        assert [one.value for one in form.decision.options] == [f"not-{sides[0].record.id}"]
        form.offer(sides[:1], (), newest={sides[0].record.id: 99})
        assert [one.value for one in form.decision.options] == ["none", "cannot"], "not compared"


def test_a_reason_is_chosen_or_written(app: Flask) -> None:
    for data, said in (
        ({"why": "fits"}, "Person and event are the same"),
        ({"why": "own", "reason": "The same barn."}, "The same barn."),
        (
            {"why": "fits", "reason": "The same barn."},
            "Person and event are the same. The same barn.",
        ),
    ):
        with app.test_request_context("/", method="POST", data=data):
            assert ReadForm().said == said


@pytest.mark.parametrize(
    ("decision", "goes", "contradicts"),
    [
        ("is-1", ["fits"], ["event", "person", "little"]),
        ("none", ["event", "person"], ["fits", "little"]),
        ("cannot", ["little"], ["fits", "event", "person"]),
        ("not-1", ["event", "person", "little"], ["fits"]),
    ],
)
def test_a_decision_and_the_reason_for_it_never_contradict_each_other(
    app: Flask, decision: str, goes: list[str], contradicts: list[str]
) -> None:
    def errors(why: str) -> list[str]:
        data = {"decision": decision, "why": why, "reason": "The same barn."}
        with app.test_request_context("/", method="POST", data=data):
            form = ReadForm(meta={"csrf": False})
            form.decision.options = [Option(decision, "What is chosen")]
            form.validate()
            return [one.text for one in form.error_links()]

    assert [why for why in (*goes, *contradicts, "own") if not errors(why)] == [*goes, "own"]
    (said,) = errors(contradicts[0])
    assert said.startswith("With “What is chosen” goes: “")
    assert said.endswith(" or “For another reason”")


def test_the_longest_words_fit_beside_the_longest_ready_reason(app: Flask) -> None:
    data = {"why": "person", "reason": "x" * MOST_FOR_MATCH}
    with app.test_request_context("/", method="POST", data=data):
        form = ReadForm()
        assert len(form.said) <= 2000
