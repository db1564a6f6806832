from itertools import combinations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal.ledger.erasure import is_signed
from portal.reports.codes import (
    ALPHABET,
    LENGTH,
    WrongCode,
    _is_consistent,
    format_code,
    key_material,
    make_code,
    new_code,
    parse_code,
    read_code,
)
from portal.sealing import SlowHash

codes = st.binary(min_size=12, max_size=12).map(new_code)
CODE = new_code(bytes(range(7, 19)))


def refusal(text: str) -> str:
    with pytest.raises(WrongCode) as caught:
        parse_code(text)
    return caught.value.message


def with_symbol(code: str, place: int, symbol: str) -> str:
    return code[:place] + symbol + code[place + 1 :]


@given(codes)
def test_a_code_reads_back_as_itself(code: str) -> None:
    assert len(code) == LENGTH
    assert parse_code(format_code(code)) == code
    assert parse_code(code) == code


@given(codes)
def test_small_letters_spaces_dashes_and_look_alikes_are_forgiven(code: str) -> None:
    typed = format_code(code).lower().replace("0", "o").replace("1", "l")
    assert parse_code(f"  {typed.replace('-', ' – ')}\n") == code
    assert parse_code(format_code(code).replace("1", "I").replace("-", "\u2011")) == code
    assert key_material(typed) == code.encode()


def test_codes_are_written_in_four_groups_of_five() -> None:
    assert [len(group) for group in format_code(CODE).split("-")] == [5, 5, 5, 5]


def test_every_single_wrong_symbol_is_noticed() -> None:
    for place in range(LENGTH):
        for symbol in ALPHABET.replace(CODE[place], ""):
            assert "wrong" in refusal(with_symbol(CODE, place, symbol))


@given(codes)
def test_every_swap_of_neighbours_is_noticed(code: str) -> None:
    for place in range(LENGTH - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        if swapped != code:
            assert "wrong" in refusal(swapped)


@given(codes)
def test_every_swap_of_any_two_symbols_is_noticed(code: str) -> None:
    for first, second in combinations(range(LENGTH), 2):
        symbols = list(code)
        symbols[first], symbols[second] = symbols[second], symbols[first]
        if (swapped := "".join(symbols)) != code:
            assert "wrong" in refusal(swapped)


def test_every_two_wrong_symbols_are_noticed() -> None:
    values = [ALPHABET.index(symbol) for symbol in CODE]
    for first, second in combinations(range(LENGTH), 2):
        wrong = values.copy()
        for one in range(1, 32):
            wrong[first] = values[first] ^ one
            for other in range(1, 32):
                wrong[second] = values[second] ^ other
                assert not _is_consistent(wrong)


@given(codes, st.permutations(range(LENGTH)), st.integers(1, 31), st.integers(1, 31))
def test_two_wrong_symbols_are_noticed_in_any_code(
    code: str, places: list[int], one: int, other: int
) -> None:
    wrong = code
    for place, change in ((places[0], one), (places[1], other)):
        wrong = with_symbol(wrong, place, ALPHABET[ALPHABET.index(code[place]) ^ change])
    assert "wrong" in refusal(wrong)


def test_the_refusal_says_what_to_look_for_and_never_repeats_the_code() -> None:
    assert "You typed 19" in refusal(CODE[:-1])
    assert "missing" in refusal(CODE[:-1])
    assert "extra" in refusal(CODE + "2")
    assert "letter U" in refusal(with_symbol(CODE, 3, "u"))
    assert "only letters and numbers" in refusal(with_symbol(CODE, 3, "*"))
    for text in (CODE[:-1], CODE + "2", with_symbol(CODE, 3, "u"), with_symbol(CODE, 0, "Z")):
        assert text not in refusal(text)


# The first text of a run is slow: hypothesis builds its table of characters.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text())
@example("ß" * 20)
@example("ŉ" * 20)
@example("0" * 20)
def test_nothing_that_can_be_typed_does_worse_than_a_refusal(text: str) -> None:
    try:
        code = parse_code(text)
    except WrongCode:
        return
    assert set(code) <= set(ALPHABET)
    assert len(code) == LENGTH


def test_a_new_code_comes_from_fresh_randomness() -> None:
    assert len({new_code() for _ in range(200)}) == 200
    with pytest.raises(ValueError, match="random bytes"):
        new_code(b"short")


def test_a_made_code_is_found_by_its_digest_and_never_printed() -> None:
    codes = SlowHash(bytes(range(32)), 8, 1)
    made = make_code(codes)
    assert parse_code(made.text) == made.text
    assert made.digest == codes.digest(key_material(made.text))
    assert made.tag == codes.tag(key_material(made.text))
    assert made.text not in repr(made)


def test_all_ninety_bits_count() -> None:
    base = new_code(bytes(12))
    for bit in range(90):
        flipped = (1 << (95 - bit)).to_bytes(12)
        assert new_code(flipped) != base


def test_a_long_text_is_no_code_and_nothing_is_made_of_it() -> None:
    assert "Type it alone" in refusal("\ufdfa" * 2_000_000)
    assert "Type it alone" in refusal(f"{CODE} {'x' * 300}")
    assert parse_code(" " * 500 + format_code(CODE)) == CODE


def test_only_whoever_holds_a_code_signs_with_its_key() -> None:
    codes = SlowHash(bytes(range(32)), 8, 1)
    made, other = make_code(codes), make_code(codes)
    typed = read_code(format_code(made.text).lower(), codes=codes)
    assert typed.digest == made.digest
    assert is_signed(made.request_key, b"message", typed.sign(b"message"))
    assert not is_signed(made.request_key, b"message", typed.sign(b"another"))
    assert not is_signed(other.request_key, b"message", typed.sign(b"message"))
    with pytest.raises(WrongCode):
        read_code(made.text[:-1], codes=codes)
