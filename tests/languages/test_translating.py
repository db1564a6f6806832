"""Promises of the languages: chosen for one request, complete to the reader, never mixed up."""

from concurrent.futures import ThreadPoolExecutor

from portal.languages.translating import _, lazy, speak, spoken, stop


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
