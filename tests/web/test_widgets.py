"""What the fields look like to a browser and to a screen reader."""

import re
from html.parser import HTMLParser

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from portal.languages.translating import speaking
from portal.web.choices import AnyOf, OneOf, OneOfList, Option, Tick
from portal.web.dates import DateParts
from portal.web.fields import FileChoice, LongText, Secret, ShortText
from portal.web.widgets import component, warm

ATTACK = "\"'><script>alert(1)</script>&{{7*7}}"


class Questions(Form):
    name = ShortText("Your name", hint="As you like", autocomplete="name", width=20, needed="Write")
    code = ShortText("Code", inputmode="numeric")
    story = LongText("Your words", limit=500)
    plain = LongText("Anything else", counted=False)
    password = Secret("Password")
    when = OneOf("When?", as_heading=True, needed="Choose", options=(Option("day", "A day"),))
    force = OneOfList("Force", prompt="Choose a force", options=(Option("wiltshire", "Wiltshire"),))
    who = AnyOf("Who?", options=(Option("none", "Nobody", "Not one", divider="or", alone=True),))
    agree = Tick("Agree?", says="Yes")
    file = FileChoice("A file", accept=".csv", needed="Choose a file")
    born = DateParts("Born", autocomplete="bday", needed="Write")


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.found if name == tag]


FIELDS = [name for name in vars(Questions) if not name.startswith("_") and name != "Meta"]


def filled(value: str) -> Questions:
    names = [*FIELDS, "born-day", "born-month", "born-year"]
    form = Questions(MultiDict(dict.fromkeys(names, value)))
    form.validate()
    return form


@pytest.mark.parametrize("name", FIELDS)
def test_nothing_typed_becomes_part_of_the_page(name: str) -> None:
    drawn = filled(ATTACK)[name]()
    assert "<script" not in drawn
    assert "49" not in drawn
    assert not Tags(drawn).named("script")


@pytest.mark.parametrize("name", FIELDS)
def test_every_input_has_a_label_and_every_description_exists(name: str) -> None:
    tags = Tags(Questions(MultiDict({"x": "y"}))[name]())
    ids = {attrs.get("id") for _, attrs in tags.found}
    labelled = {attrs.get("for") for attrs in tags.named("label")}
    inputs = tags.named("input") + tags.named("textarea") + tags.named("select")
    assert inputs
    for attrs in inputs:
        assert attrs["id"] in labelled
    for _, attrs in tags.found:
        assert set((attrs.get("aria-describedby") or "").split()) <= ids


@pytest.mark.parametrize("name", ["name", "when", "file", "born"])
def test_an_error_stands_at_the_field_and_its_link_has_a_target(name: str) -> None:
    form = Questions(MultiDict({"x": "y"}))
    form.validate()
    field = form[name]
    drawn = field()
    assert "Error:" in drawn
    assert f'id="{field.first_wrong_id}"' in drawn  # type: ignore[attr-defined]


def test_what_was_typed_is_there_again() -> None:
    form = Questions(MultiDict({"name": "Ann O’Hara", "story": "one\n  two\n\nthree"}))
    assert 'value="Ann O’Hara"' in form.name()
    assert ">one\n  two\n\nthree</textarea>" in form.story()


def test_a_secret_is_never_shown_again() -> None:
    assert "sesame" not in Questions(MultiDict({"password": "sesame"})).password()


def test_the_browser_offers_nothing_it_remembers_unless_the_field_asks() -> None:
    form = Questions()
    assert 'autocomplete="off"' in form.code()
    assert 'autocomplete="off"' in form.story()
    assert 'autocomplete="name"' in form.name()
    assert 'autocomplete="bday-year"' in form.born()


def test_a_number_pad_can_be_asked_for() -> None:
    assert 'inputmode="numeric"' in Questions().code()


def test_the_question_can_be_the_heading_of_the_page() -> None:
    assert re.search(r"<legend[^>]*>\s*<h1[^>]*>\s*When\?", Questions().when())


def test_a_list_starts_with_a_request_and_not_with_a_force() -> None:
    assert re.search(r'<option value=""[^>]*>Choose a force</option>', Questions().force())


def test_the_whole_of_what_was_typed_in_a_small_box_is_in_view() -> None:
    drawn = Questions(MultiDict({"born-month": "september"})).born()
    assert re.search(r'govuk-input--width-10"[^>]*value="september"', drawn)


def test_text_inside_a_revealed_question_keeps_its_lines_however_often_it_is_drawn() -> None:
    text = "first\nsecond\n  third"
    outer = OneOf("More?", options=(Option("yes", "Yes"),)).bind(Form(), "more")  # type: ignore[attr-defined]
    inner = Questions(MultiDict({"story": text})).story
    outer.process(MultiDict({"more": "yes"}))
    outer.revealed = {"yes": [inner]}
    drawn = outer()
    assert f">{text}</textarea>" in drawn
    assert "<!--" not in drawn


def test_a_part_of_the_design_system_can_be_drawn_by_its_name() -> None:
    drawn = component("inset-text", {"text": "<b>careful</b>"})
    assert "&lt;b&gt;careful" in drawn
    assert "govuk-inset-text" in drawn


def test_drawing_can_be_prepared_before_the_first_person_comes() -> None:
    warm()
    assert component("input", {"id": "a", "name": "a", "label": {"text": "A"}})


def test_a_field_speaks_the_language_of_the_page_down_to_its_counting() -> None:
    form = filled("31")
    for field in form:
        field.errors = ["Gwall."]
    with speaking("cy"):
        drawn = "".join(str(field()) for field in form)
        assert "Gwall:" in drawn
        assert "Error:" not in drawn
        assert all(f"{part}</label>" in re.sub(r"\s+<", "<", drawn) for part in ("Diwrnod", "Mis"))
        assert "data-i18n.characters-under-limit.few" in drawn
        assert "Mae gennych %{count} nod ar ôl" in drawn
    assert "i18n" not in "".join(str(field()) for field in form)
