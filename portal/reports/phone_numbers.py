"""Telephone numbers as people type them, in the one form that can be rung and texted: E.164."""

import re

_SILENT = re.compile(r"[\s().\-\u2010-\u2015/]+")
_BRITISH = re.compile(r"0([1-9]\d{8,9})")
_ABROAD = re.compile(r"(?:\+|00)([1-9]\d{7,14})")
_BRITISH_MOBILE = re.compile(r"\+447[1-57-9]\d{8}")


def read_number(text: str) -> str | None:
    """ "07700 900 123" as "+447700900123"; None for what cannot be a telephone number."""
    typed = _SILENT.sub("", text.replace("(0)", ""))
    if british := _BRITISH.fullmatch(typed):
        return f"+44{british[1]}"
    if abroad := _ABROAD.fullmatch(typed):
        return f"+{abroad[1]}"
    return None


def can_be_texted(number: str) -> bool:
    """Whether a number can take a text: a British mobile, or one abroad that may be anything."""
    return not number.startswith("+44") or _BRITISH_MOBILE.fullmatch(number) is not None


def say_number(number: str) -> str:
    """A British number as it is dialled here, in groups; another as it is."""
    if not number.startswith("+44"):
        return number
    rest = f"0{number[3:]}"
    return f"{rest[:5]} {rest[5:8]} {rest[8:]}"
