"""Promises of the languages: chosen for one request, complete to the reader, never mixed up."""

from concurrent.futures import ThreadPoolExecutor

from portal.languages.translating import _, lazy, ngettext, noted, speak, speaking, spoken, stop


def test_english_is_spoken_unless_another_language_was_chosen() -> None:
    assert spoken() == "en"
    assert _("Leave this page") == "Leave this page"


def test_a_person_who_chose_welsh_reads_welsh_until_the_request_is_over() -> None:
    token = speak("cy")
    try:
        assert _("Leave this page") == "Gadael y dudalen hon"
    finally:
        stop(token)
    assert _("Leave this page") == "Leave this page"


def test_a_label_made_before_the_request_is_read_in_the_language_of_the_request() -> None:
    label = lazy("Leave this page")
    token = speak("cy")
    try:
        assert f"{label}" == "Gadael y dudalen hon"
    finally:
        stop(token)


def test_a_language_nobody_knows_is_english() -> None:
    token = speak("xx")
    try:
        assert spoken() == "en"
    finally:
        stop(token)


def test_one_persons_welsh_is_never_spoken_to_another() -> None:
    token = speak("cy")
    try:
        with ThreadPoolExecutor(1) as other:
            assert other.submit(spoken).result() == "en"
    finally:
        stop(token)


def test_values_are_filled_in_after_translating() -> None:
    assert _("%(count)s left", count=3) == "3 left"


def test_words_for_somebody_else_are_said_in_their_language_and_then_ours_again() -> None:
    token = speak("cy")
    try:
        with speaking("en"):
            assert _("Leave this page") == "Leave this page"
        assert _("Leave this page") == "Gadael y dudalen hon"
    finally:
        stop(token)


def test_what_is_noted_for_later_stays_as_it_is_until_it_is_said() -> None:
    token = speak("cy")
    try:
        assert noted("Leave this page") == "Leave this page"
        assert _(noted("Leave this page")) == "Gadael y dudalen hon"
    finally:
        stop(token)


def test_a_count_has_the_form_that_welsh_has_for_it() -> None:
    with speaking("cy"):
        said = [ngettext("%(count)s day", "%(count)s days", count) for count in (1, 2, 3, 20)]
    assert said == [f"%(count)s {day}" for day in ("diwrnod", "ddiwrnod", "diwrnod", "diwrnod")]
