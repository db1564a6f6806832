"""The request that waits is read from the report's own entries, and from nowhere else."""

import base64

from portal.ledger.erasure_asked import ASKED, KEPT, asking_fields, find_waiting

WHEN = "2026-03-05T09:00:00.000000Z"


def asked(signature: bytes = b"s" * 64) -> dict[str, object]:
    return {"kind": ASKED, **asking_fields(signature, WHEN)}


def test_the_newest_request_waits_with_the_entries_there_were_when_it_was_signed() -> None:
    entries = [{"kind": "submitted"}, asked(b"1" * 64), {"kind": KEPT}, asked(b"2" * 64)]
    assert find_waiting(entries) == (3, b"2" * 64, WHEN)
    assert find_waiting([*entries, {"kind": "alert_raised"}]) == (3, b"2" * 64, WHEN)


def test_what_was_kept_waits_no_more_and_without_asking_nothing_does() -> None:
    assert find_waiting([{"kind": "submitted"}, asked(), {"kind": KEPT}]) is None
    assert find_waiting([{"kind": "submitted"}]) is None


def test_a_request_that_cannot_be_read_is_none() -> None:
    assert find_waiting([{"kind": ASKED, "erase.signature": "no base64!"}]) is None
    assert base64.b64decode(str(asked()["erase.signature"])) == b"s" * 64
