"""Promises about kinds: a file is what its bytes show, whatever it is called."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.evidence.kinds import ACCEPT, HEAD, KINDS, TextCheck, recognise, why_not
from tests.rig.uploads import HONEST, SCRIPT, office, packed

ACTIVE = ("html", "svg", "xml", "js", "exe", "htm", "xhtml", "zip", "docm", "xlsm")


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_is_taken_for_what_it_is(name: str) -> None:
    found = recognise(HONEST[name][:HEAD])
    assert found is KINDS[name]


def test_there_is_an_honest_file_of_every_kind_that_is_taken() -> None:
    assert set(HONEST) == set(KINDS)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (SCRIPT, "web"),
        (b"  \n<!DOCTYPE html><p>", "web"),
        (b"\xef\xbb\xbf<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "web"),
        (b"<?xml version='1.0'?><svg/>", "web"),
        (office(), "office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "office"),
        (b"{\\rtf1 {\\object}}", "office"),
        (packed(a_txt=b"hello"), "packed"),
        (packed(META_INF__MANIFEST_MF=b"Main-Class: x"), "packed"),
        (b"Rar!\x1a\x07\x00" + bytes(20), "packed"),
        (b"\x1f\x8b\x08" + bytes(20), "packed"),
        (b"MZ\x90\x00" + bytes(100), "program"),
        (b"\x7fELF\x02\x01" + bytes(100), "program"),
        (b"#!/bin/sh\nrm -rf ~\n", "program"),
        (b"\xca\xfe\xba\xbe" + bytes(40), "program"),
        (bytes(100), "other"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "other"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska" + bytes(40), "other"),
        (b"\x00\x00\x00\x18ftypavif" + bytes(40), "other"),
        (b"%!PS-Adobe-3.0\n", "other"),
        (b"BM" + bytes(60), "other"),
        (b"\xff\xfb\x90\x00" + bytes(600), "other"),
    ],
)
def test_whatever_else_is_not_taken_and_is_said_to_be_what_it_seems(data: bytes, why: str) -> None:
    assert recognise(data) is None
    assert why_not(data) == why


def test_no_kind_that_is_taken_has_a_name_that_a_device_would_run() -> None:
    given_back = {kind.extension for kind in KINDS.values()}
    types = {kind.content_type for kind in KINDS.values()}
    assert not given_back & set(ACTIVE)
    assert not [each for each in types if "html" in each or "script" in each or "xml" in each]
    assert ".html" not in ACCEPT


def test_a_text_in_two_bytes_a_letter_is_text_if_it_says_so() -> None:
    text = "Hello\r\n[Media omitted]"
    assert recognise(text.encode("utf-16")) is KINDS["text"]
    assert recognise(codecs.BOM_UTF16_BE + text.encode("utf-16-be")) is KINDS["text"]
    assert recognise(text.encode("utf-16-le")) is None


def test_a_text_is_read_to_its_end_whatever_it_is_cut_into() -> None:
    text = "Ünïcode 😀 in pieces".encode()
    for cut in range(1, 8):
        check = TextCheck()
        for start in range(0, len(text), cut):
            check.feed(text[start : start + cut])
        assert check.ends()


@pytest.mark.parametrize("end", [b"\x00", b"\xff", b"\x1b[31m", "é".encode()[:1]])
def test_a_text_that_ends_as_something_else_is_none(end: bytes) -> None:
    check = TextCheck()
    check.feed(b"hello " * 2000)
    check.feed(end)
    assert not check.ends()


@given(st.binary(max_size=400))
def test_any_bytes_have_one_kind_or_a_reason_and_never_a_fault(data: bytes) -> None:
    found = recognise(data)
    assert found is None or found in KINDS.values()
    assert why_not(data) in {"web", "program", "office", "packed", "other"}


@given(st.sampled_from(sorted(HONEST)), st.binary(max_size=60))
def test_what_comes_after_the_first_bytes_changes_no_kind_but_texts(name: str, more: bytes) -> None:
    if name != "text":
        assert recognise((HONEST[name] + more)[:HEAD]) is KINDS[name]
