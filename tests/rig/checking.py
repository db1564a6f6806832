"""Asks the page that checks receipts, in a real browser, for many verdicts at once."""

import base64
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page

from tests.rig.verdicts import Case

_JUDGE = """async (asked) => {
    const check = globalThis.onRecord;
    const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    const answers = [];
    for (const { receipt, policy, address } of asked) {
        const by = policy === null ? null : bytes(policy);
        const found = address === null
            ? await check.judge(bytes(receipt), by)
            : await check.judgeAddress(address, by);
        const text = (value) => value === null ? null : check.printable(String(value));
        answers.push({
            ...found,
            summary: text(found.summary),
            proved: found.proved.map(text),
            notProved: found.notProved.map(text),
            fields: found.fields.map(([name, value]) => [text(name), check.valueLines(value)]),
            origin: text(found.origin),
            entryIndex: text(found.entryIndex),
            size: text(found.size),
            notBefore: text(found.notBefore),
            notAfter: text(found.notAfter),
        });
    }
    return answers;
}"""
_SIGNED = """async (asked) => {
    const check = globalThis.onRecord;
    const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    const answers = [];
    for (const [key, signature, message] of asked) {
        answers.push(await check.checkEd25519(bytes(key), bytes(signature), bytes(message)));
    }
    return answers;
}"""


def answers(page: Page, asked: Sequence[Case]) -> list[dict[str, Any]]:
    """What the page says of each case, in the form of `tests.rig.verdicts.said`."""
    plain = [
        {
            "receipt": _text(case.receipt),
            "policy": None if case.policy is None else _text(case.policy),
            "address": case.address,
        }
        for case in asked
    ]
    found: list[dict[str, Any]] = page.evaluate(_JUDGE, plain)
    return found


def is_signed(page: Page, asked: Sequence[tuple[bytes, bytes, bytes]]) -> list[bool]:
    """Whether the page takes each (public key, signature, message)."""
    found: list[bool] = page.evaluate(_SIGNED, [[_text(part) for part in one] for one in asked])
    return found


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
