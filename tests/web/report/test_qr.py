"""The square code holds the whole receipt, or there is none."""

import base64

import pytest

from portal.ledger.fragment import decode, encode
from portal.ledger.receipt import Receipt, to_bytes
from portal.ledger.verify import judge
from portal.web.report.qr import Code, find_code
from tests.rig.ledger import make_policy, make_receipt
from tests.rig.qr_reader import read_code

URL = "https://on-record.example"


def code_of(receipt: Receipt) -> Code:
    code = find_code(URL, receipt)
    assert code is not None
    return code


def test_a_reader_of_the_code_gets_the_address_and_a_receipt_that_is_proved() -> None:
    receipt = make_receipt({"kind", "at", "sequence"})
    text = read_code(code_of(receipt).made.matrix)
    address, _, digits = text.partition("#")
    assert address == f"{URL}/receipts/check"
    assert judge(to_bytes(decode(digits)), make_policy()).code == 0


@pytest.mark.parametrize("hidden", [0, 3, 20, 40, 65])
def test_a_code_of_every_size_is_read_back(hidden: int) -> None:
    receipt = make_receipt(set())
    receipt["hidden"] = [_commitment(number) for number in range(hidden)]
    code = code_of(receipt)
    assert code.made.error == "L"
    assert read_code(code.made.matrix) == code.text == f"{URL}/receipts/check#{encode(receipt)}"


def test_a_receipt_that_is_too_long_has_no_code() -> None:
    receipt = make_receipt(set())
    receipt["hidden"] = [_commitment(number) for number in range(100)]
    assert find_code(URL, receipt) is None
    receipt["fields"] = [{"name": "n" * 256, "value": 1, "key": _commitment(1)}]
    assert find_code(URL, receipt) is None


def test_the_drawing_runs_and_styles_nothing() -> None:
    svg = str(code_of(make_receipt({"at"})).svg)
    assert svg.startswith("<svg ")
    assert "<script" not in svg
    assert "style=" not in svg


def test_the_picture_is_a_png() -> None:
    assert code_of(make_receipt({"at"})).png.startswith(b"\x89PNG")


def _commitment(number: int) -> str:
    return base64.b64encode(number.to_bytes(32)).decode()
