"""A checkpoint says which log, how large and which root, in the one way there is to say it."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger.checkpoint import (
    Checkpoint,
    MalformedCheckpoint,
    format_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
    verify_checkpoint,
)
from portal.ledger.note import BadSignature, MalformedNote, sign
from tests.rig.ledger import LOG, OTHER_LOG, ROOT

EXAMPLE = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
ENCODED = base64.b64encode(ROOT).decode()


def test_the_example_of_the_specification_is_read_and_written() -> None:
    checkpoint = parse_checkpoint(EXAMPLE)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert format_checkpoint(*checkpoint[:3]) == EXAMPLE


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_what_the_log_signs_is_what_a_reader_reads(size: int, root: bytes) -> None:
    note = sign_checkpoint(size, root, LOG)
    assert verify_checkpoint(note, LOG.key) == Checkpoint(LOG.name, size, root)


def test_lines_that_others_add_are_carried_and_signed() -> None:
    note = sign(EXAMPLE + "extra one\nextra two\n", LOG)
    assert parse_checkpoint(note.rpartition("\n\n")[0] + "\n").extensions == (
        "extra one",
        "extra two",
    )


def test_a_checkpoint_of_another_log_or_key_is_refused() -> None:
    note = sign_checkpoint(6, ROOT, LOG)
    with pytest.raises(BadSignature):
        verify_checkpoint(note, OTHER_LOG.key)
    with pytest.raises(BadSignature):
        verify_checkpoint(sign(EXAMPLE, LOG), LOG.key)
    with pytest.raises(BadSignature):
        verify_checkpoint(note.replace("\n6\n", "\n7\n"), LOG.key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "origin\n6\n",
        f"origin\n6\n{ENCODED}",
        f"\n6\n{ENCODED}\n",
        f"origin\n06\n{ENCODED}\n",
        f"origin\n+6\n{ENCODED}\n",
        f"origin\n-6\n{ENCODED}\n",
        f"origin\n 6\n{ENCODED}\n",
        f"origin\n٦\n{ENCODED}\n",
        f"origin\n{2**63}\n{ENCODED}\n",
        f"origin\n{10**19}\n{ENCODED}\n",
        f"origin\n6\n{ENCODED}\n\n",
        f"origin\n6\n{ENCODED}\n\nmore\n",
        f"origin\n6\n{ENCODED[:-1]}\n",
        f"origin\n6\n{ENCODED} \n",
        f"origin\n6\n{base64.b64encode(bytes(31)).decode()}\n",
        f"origin\r\n6\n{ENCODED}\n",
    ],
)
def test_a_malformed_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(MalformedNote):
        parse_checkpoint(text)


@pytest.mark.parametrize(("size", "root"), [(-1, ROOT), (2**63, ROOT), (6, ROOT[:31])])
def test_a_head_that_cannot_be_is_not_signed(size: int, root: bytes) -> None:
    with pytest.raises(MalformedCheckpoint):
        sign_checkpoint(size, root, LOG)
