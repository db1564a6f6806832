"""A force's tokens stand for just what the site would have made of the values themselves."""

import csv
import io
import json
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.matching.shared_tokens import person_of, place_of, tokenise_place
from portal.matching.sides import PersonSide, person_side, place_side, tokenise_person
from portal.matching.tokenise import (
    MOST_TOKENS,
    OF_PERSON,
    PERSON,
    PLACE,
    Unusable,
    birth_cell,
    email_cell,
    main,
    name_cell,
    place_cell,
    read_key,
    telephone_cell,
    token_maker,
    tokenise,
)
from portal.police import person_cells
from portal.police.rows import COLUMNS
from tests.rig.hostile_names import BIRTHS, EMAILS, NAMES, POSTCODES, TELEPHONES, TOWNS

SECRET = b"k" * 32
TOKEN = token_maker(SECRET)
LINES = ("victim_name,offence_code,postcode\n", "Zebulonta Reed,58A,SN1 1AA\n", "\n", ",28E,\n")


def cells_of(name: str, born: str = "", telephone: str = "", email: str = "") -> PersonSide:
    """The person that arrives after the site has taken in what the program wrote."""
    written = {
        "victim_name_tokens": name_cell(name, TOKEN),
        "victim_birth_tokens": birth_cell(born, TOKEN),
        "victim_telephone_tokens": telephone_cell(telephone, TOKEN),
        "victim_email_tokens": email_cell(email, TOKEN),
    }
    told, _ = person_cells.tokens(written, "2026-1")
    return person_of(told) if told else PersonSide()


def own(name: str, born: str = "", telephone: str = "", email: str = "") -> PersonSide:
    """The same person as the site makes it of a report."""
    side = person_side(name=name, birth_date=born, telephones=[telephone], emails=[email])
    return tokenise_person(side, TOKEN)


@pytest.mark.parametrize("name", NAMES)
def test_the_tokens_of_every_hostile_name_are_those_of_the_site(name: str) -> None:
    assert cells_of(name) == own(name)


@settings(max_examples=150)
@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_the_tokens_of_any_text_are_those_of_the_site(name: str, tel: str, email: str) -> None:
    assert cells_of(name, "", tel, email) == own(name, "", tel, email)


def test_the_tokens_of_contacts_and_births_are_those_of_the_site() -> None:
    for text in TELEPHONES:
        assert cells_of("", telephone=text) == own("", telephone=text)
    for text in EMAILS:
        assert cells_of("", email=text) == own("", email=text)
    for text in BIRTHS:
        assert cells_of("", born=text) == own("", born=text.split(" ")[0])


@pytest.mark.parametrize("postcode", POSTCODES)
def test_the_tokens_of_a_place_are_those_of_the_site(postcode: str) -> None:
    for town in TOWNS:
        cell = place_cell(postcode, town, TOKEN)
        _, told = person_cells.tokens({"place_tokens": cell}, "2026-1")
        side = place_of(told) if told else place_side()
        assert side == tokenise_place(place_side(postcode, town), TOKEN)


def test_each_purpose_has_a_key_of_its_own_and_another_secret_gives_other_tokens() -> None:
    assert TOKEN("name", "bell") != TOKEN("sound", "bell")
    assert TOKEN("name", "bell") != token_maker(b"l" * 32)("name", "bell")
    # The format of the tokens: when this changes, every force has to make its tokens anew.
    assert TOKEN("name", "bell").hex() == "c988463d94e46a7fc2d43126e2a19f84"


def test_the_columns_are_those_of_the_format() -> None:
    assert set(PERSON + PLACE + OF_PERSON) <= set(COLUMNS)
    assert person_cells.MOST_TOKENS == MOST_TOKENS


def test_a_file_keeps_its_other_columns_and_loses_every_value(tmp_path: Path) -> None:
    source, output, key = (tmp_path / name for name in ("in.csv", "out.csv", "key.json"))
    source.write_text("\ufeff" + "".join(LINES), encoding="utf-8")
    key.write_text(json.dumps({"key": "2026-1", "secret": b64encode(SECRET).decode()}))
    assert main([str(source), "--key", str(key), "--output", str(output)]) == 0
    text = output.read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["offence_code"] for row in rows] == ["58A", "28E"]
    assert (rows[0]["token_key"], rows[1]["token_key"]) == ("2026-1", "")
    for word in ("Zebulonta", "SN1", "victim_name,", "postcode"):
        assert word not in text


def test_a_file_that_is_there_is_never_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, output, key = (tmp_path / name for name in ("in.csv", "out.csv", "key.json"))
    source.write_text("".join(LINES))
    output.write_text("the only copy")
    key.write_text(json.dumps({"key": "2026-1", "secret": b64encode(SECRET).decode()}))
    assert main([str(source), "--key", str(key), "--output", str(output)]) == 1
    assert output.read_text() == "the only copy"
    assert "Nothing was written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "more"),
    [
        (b"", []),
        (b"a,b\n1,2\n", []),
        (b"victim_name\n\xff\n", []),
        (b'victim_name\n"Zebulonta\n', []),
        (b"victim_name,place\nZebulonta\n", []),
        (b"victim_name,Victim_Name\nZebulonta,x\n", []),
        (b"victim_name\nZebulonta\n", ["--column", "victim_email=Zebulonta"]),
        (b"victim_name\nZebulonta\n", ["--column", "Zebulonta=x"]),
    ],
)
def test_what_cannot_be_used_leaves_no_file_and_repeats_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, more: list[str]
) -> None:
    source, output, key = (tmp_path / name for name in ("in.csv", "out.csv", "key.json"))
    source.write_bytes(content)
    key.write_text(json.dumps({"key": "2026-1", "secret": b64encode(SECRET).decode()}))
    assert main([str(source), "--key", str(key), "--output", str(output), *more]) == 1
    said = capsys.readouterr()
    assert "Nothing was written" in said.err
    assert "Zebulonta" not in said.err + said.out
    assert not output.exists()


def test_a_force_names_its_own_columns_and_can_keep_the_place() -> None:
    lines = ["Surname.Forename,postcode\n", '"Reed, Zebulonta",SN1 1AA\n']
    named = {"victim_name": "surname.forename"}
    header, row = tokenise(lines, "k", TOKEN, named, keep_place=True)
    assert header == ["postcode", *OF_PERSON]
    assert row[0] == "SN1 1AA"
    assert row[2] == name_cell("Zebulonta Reed", TOKEN)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"key": "", "secret": ""}', '{"key": "a", "secret": "AAAA"}']
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(Unusable, match="does not hold a key"):
        read_key(text)
