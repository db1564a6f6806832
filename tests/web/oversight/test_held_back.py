"""What holds a record back is said with its reasons, and nothing beside it says the contrary."""

import re

from flask import Flask

from tests.rig.clock import HandClock
from tests.rig.early import ANN, early_case
from tests.rig.filed import alerts_of, look_again
from tests.rig.people import site_of
from tests.rig.reviewed import crowd, crowded_case, waiting_case
from tests.rig.supplies import row, take
from tests.web.oversight.test_review import at, decides, inspector, pcc

INCIDENT = "5403260000321"
TIMES = (
    "They had it on 1 March 2026, 9am; by the report it happened on 1 March 2026, 9pm at the "
    "earliest, 12 hours later. So it is another crime, or one of the times is wrong."
)


def plain(html: str) -> str:
    """The words of a page, with single spaces between them."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").split())


def test_the_two_times_that_hold_a_record_back_are_stated_with_the_gap(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = early_case(site)
    page = plain(pcc(app).get(at(site, filed)).text)
    assert TIMES in page
    assert page.index(TIMES) < page.index("Is it this event, and not another of theirs?")
    clock.advance(days=4)
    look_again(site)
    (alert,) = alerts_of(site)
    alert_page = plain(pcc(app, name="second").get(f"/oversight/alerts/{alert.id}").text)
    assert TIMES in alert_page
    assert "Holds it back:" in alert_page
    assert "Record compared with it" in alert_page


def test_nothing_beside_a_record_that_the_hours_hold_back_says_that_it_fits_all_the_same(
    app: Flask,
) -> None:
    site = site_of(app)
    filed = early_case(site)
    page = plain(pcc(app).get(at(site, filed)).text)
    assert "When police had it : holds it back" in page
    assert "When police had it : speaks for it" not in page
    assert "Almost certainly, if one of the times is wrong." in page
    assert "What would settle it: the hour at which it happened" in page
    assert "so that in the queue it counts as 50 in 100" in page
    queue = plain(pcc(app, name="second").get("/oversight/review").text)
    assert "50 in 100" in queue


def test_a_record_that_a_reader_names_is_held_back_by_the_hours_too(app: Flask) -> None:
    site = site_of(app)
    filed = early_case(site)
    crowd(site, filed, most_found=0)
    client = pcc(app)
    beside = client.post(f"{at(site, filed)}/beside", data={"reference": "54/71/26"}).location
    assert TIMES in plain(client.get(beside).text)


def test_a_row_that_says_only_what_became_of_it_keeps_the_times_of_the_one_before(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    told = f"{clock():%Y-%m-%d %H:%M}"
    filed = waiting_case(site, clock, place="Harbour Lane", reported_at=told)
    recorded = f"{clock():%Y-%m-%d %H:%M}"
    more = row("54/7/26", offence_code="28E", recorded_at=recorded, outcome_type="18")
    take(site, [more], is_full=False)
    look_again(site)
    page = plain(pcc(app).get(at(site, filed)).text)
    assert page.count("(by an earlier row)") == 4, "beside the report, and in the history"
    clock.advance(days=4)
    look_again(site)
    alert = next(one for one in alerts_of(site) if one.kind == "unrecorded")
    shown = plain(pcc(app, name="second").get(f"/oversight/alerts/{alert.id}").text)
    assert shown.count("(by an earlier row)") == 4


def test_times_that_a_force_took_back_are_not_shown_as_if_they_held(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock, place="Harbour Lane", reported_at=f"{clock():%Y-%m-%d %H:%M}")
    recorded = f"{clock():%Y-%m-%d %H:%M}"
    back = row(
        "54/7/26",
        offence_code="28E",
        place="Harbour Lane",
        recorded_at=recorded,
        incident_number=INCIDENT,
    )
    take(site, [back], is_full=False)
    look_again(site)
    page = plain(pcc(app).get(at(site, filed)).text)
    assert "by an earlier row" not in page
    assert "When it happened: Not known. When police were told: Not known." in page


def test_one_record_is_not_spoken_of_as_if_there_were_several(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock, category="raped")
    client = pcc(app)
    page = client.get(at(site, filed)).text
    for said in (
        "Is this the record of it?",
        "Yes, 54/7/26 is its record",
        "No, it is not its record",
        "History of this record",
        "the person’s and the record’s.",
        'aria-label="The report beside the record"',
    ):
        assert said in page, said
    opening = client.post(f"{at(site, filed)}/open", data={"reason": "To compare."}).location
    assert "What the record says" in client.get(opening).text
    for said in ("None of these", "Which of these", "these records", "the records’"):
        assert said not in page, said
    decides(client, at(site, filed), "none")
    assert "it is not the record." in plain(client.get(at(site, filed)).text)


def test_several_records_are_still_spoken_of_as_several(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock, references=("54/7/26", "54/8/26"))
    page = pcc(app).get(at(site, filed)).text
    for said in ("Which of these", "None of these", "History of these records", "the records’."):
        assert said in page, said


def test_two_cases_of_one_kind_and_force_are_told_apart_in_the_queue_and_name_nobody(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    early_case(site)
    clock.advance(days=2)
    early_case(site, reference="54/72/26")
    crowded_case(site, clock)
    page = inspector(app).get("/oversight/review").text
    body = page.split("<tbody")[1].split("</tbody")[0]
    rows = [plain(one) for one in re.findall(r'<th scope="row".*?</th>', body, re.S)]
    heads = [one for one in rows if one.startswith("Rape")]
    assert len(heads) == len(set(heads)) == 2
    assert all("Happened: " in one and "Police told: " in one for one in rows)
    assert all("Wiltshire" in one for one in rows)
    links = re.findall(r'<a class="govuk-link" href="/oversight/review/[^"]+">(.*?)</a>', body)
    assert len({plain(one) for one in links}) == 3
    assert ANN["name"] not in page


def test_who_accepts_what_the_hours_hold_back_says_why_and_both_stay_to_be_read(
    app: Flask,
) -> None:
    site = site_of(app)
    filed = early_case(site)
    client, second = pcc(app), inspector(app)
    refused = decides(client, at(site, filed), "is-")
    assert refused.status_code == 422
    assert "Write why it is its record all the same: it was held back" in refused.text
    why = "The person gave the wrong evening."
    assert decides(client, at(site, filed), "is-", reason=why).status_code == 303
    decides(second, at(site, filed), "is-", reason=why)
    page = plain(second.get(at(site, filed)).text)
    assert "Its record" in page
    assert "No record of it stands" not in page
    assert "It was held back: By the times that both sides give" in page
    assert page.count(why) == 3, "each reading, and the decision"
    assert "by Inspector (Harbour Support)" in page
