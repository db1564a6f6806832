"""Receipts of the small log with one thing changed, and how a verifier names it."""

import json
from collections.abc import Callable
from typing import Any

from tests.rig.ledger import INDEX, OTHER_LOG, make_file, make_note, make_receipt

Receipt = dict[str, Any]
Tamper = Callable[[Receipt], None]


def swap_value(receipt: Receipt) -> None:
    receipt["fields"][4]["value"] += "."


def swap_name(receipt: Receipt) -> None:
    receipt["fields"][0]["name"] = "sort"


def swap_key(receipt: Receipt) -> None:
    receipt["fields"][0]["key"] = receipt["fields"][1]["key"]


def drop_field(receipt: Receipt) -> None:
    del receipt["fields"][0]


def double_name(receipt: Receipt) -> None:
    receipt["fields"].append(receipt["fields"][0])


def show_as_hidden(receipt: Receipt) -> None:
    receipt["hidden"].append("A" * 43 + "=")


def short_key(receipt: Receipt) -> None:
    receipt["fields"][0]["key"] = "A" * 40


def long_key(receipt: Receipt) -> None:
    receipt["fields"][0]["key"] = receipt["fields"][0]["key"].replace("=", "A")


def loose_key(receipt: Receipt) -> None:
    key = receipt["fields"][0]["key"]
    receipt["fields"][0]["key"] = key[:-2] + chr(ord(key[-2]) + 1) + "="


def url_key(receipt: Receipt) -> None:
    receipt["fields"][0]["key"] = "-_" * 21 + "A="


def other_index(receipt: Receipt) -> None:
    receipt["proof"] = receipt["proof"].replace(f"index {INDEX}", "index 5")


def far_index(receipt: Receipt) -> None:
    receipt["proof"] = receipt["proof"].replace(f"index {INDEX}", "index 6")


def other_size(receipt: Receipt) -> None:
    receipt["proof"] = receipt["proof"].replace("\n6\n", "\n5\n")


def no_hash(receipt: Receipt) -> None:
    lines = receipt["proof"].split("\n")
    receipt["proof"] = "\n".join(lines[:2] + lines[3:])


def other_signature(receipt: Receipt) -> None:
    other = make_note(OTHER_LOG).split(" ")[-1]
    head, _, last = receipt["proof"].rpartition(" ")
    receipt["proof"] = f"{head} {last[:6]}{other[6:]}"


def other_signer(receipt: Receipt) -> None:
    receipt["proof"] = make_receipt(note=make_note(OTHER_LOG))["proof"]


def other_origin(receipt: Receipt) -> None:
    receipt["proof"] = receipt["proof"].replace("\nlog.example", "\nbog.example")


def no_blank_line(receipt: Receipt) -> None:
    receipt["proof"] = receipt["proof"].replace("\n\n—", "\n—")


def doubled_signature(receipt: Receipt) -> None:
    receipt["proof"] += receipt["proof"].split("\n")[-2] + "\n"


def extra_line(receipt: Receipt) -> None:
    receipt["proof"] = receipt["proof"].replace("\nindex", "\nextra AAAA\nindex")


def extra_part(receipt: Receipt) -> None:
    receipt["note"] = "The police were told on Monday."


def extra_word(receipt: Receipt) -> None:
    receipt["fields"][0]["comment"] = "checked"


def half_character(receipt: Receipt) -> None:
    receipt["fields"][0]["value"] = "\ud800"


def too_deep(receipt: Receipt) -> None:
    receipt["fields"][0]["value"] = json.loads("[" * 20 + "]" * 20)


def no_list(receipt: Receipt) -> None:
    receipt["hidden"] = {}


def other_root(receipt: Receipt) -> None:
    root = receipt["proof"].split("\n\n")[1].split("\n")[2]
    receipt["proof"] = receipt["proof"].replace(root, "A" * 43 + "=")


def root_of_another_field(receipt: Receipt) -> None:
    other_root(receipt)
    receipt["fields"][0]["value"] = "other"


def other_hash(receipt: Receipt) -> None:
    lines = receipt["proof"].split("\n")
    lines[2] = "A" * 43 + "="
    receipt["proof"] = "\n".join(lines)


def far_index_and_field(receipt: Receipt) -> None:
    far_index(receipt)
    swap_value(receipt)


def no_hash_by_stranger(receipt: Receipt) -> None:
    other_signer(receipt)
    no_hash(receipt)


def other_line(receipt: Receipt) -> None:
    receipt["proof"] = receipt["proof"].replace("\n\n—", "\nmore\n\n—")


def dashless_line(receipt: Receipt) -> None:
    receipt["proof"] = receipt["proof"].replace("\n\n—", "\n\n-")


def short_line(receipt: Receipt) -> None:
    receipt["proof"] = receipt["proof"].rpartition(" ")[0] + " AAAA\n"


def hash_of_31_bytes(receipt: Receipt) -> None:
    lines = receipt["proof"].split("\n")
    lines[2] = "A" * 42 + "=="
    receipt["proof"] = "\n".join(lines)


def index_with_zeros(receipt: Receipt) -> None:
    receipt["proof"] = receipt["proof"].replace("\nindex ", "\nindex 0")


def index_beyond_all(receipt: Receipt) -> None:
    receipt["proof"] = receipt["proof"].replace("\nindex 4", "\nindex 9223372036854775808")


def control_character(receipt: Receipt) -> None:
    receipt["proof"] = receipt["proof"].replace("\nindex", "\r\nindex")


def number_as_key(receipt: Receipt) -> None:
    receipt["fields"][0]["key"] = 1


def doubled_commitment(receipt: Receipt) -> None:
    receipt["hidden"] = ["A" * 43 + "=", "A" * 43 + "="]


def nothing_at_all(receipt: Receipt) -> None:
    receipt["fields"] = receipt["hidden"] = []


def no_name(receipt: Receipt) -> None:
    receipt["fields"][0]["name"] = ""


TAMPERED: tuple[tuple[Tamper, str], ...] = (
    (swap_value, "The fields do not give the entry that the proof is for"),
    (swap_name, "The fields do not give the entry that the proof is for"),
    (swap_key, "The fields do not give the entry that the proof is for"),
    (drop_field, "The fields do not give the entry that the proof is for"),
    (show_as_hidden, "The fields do not give the entry that the proof is for"),
    (other_index, "The entry number was changed. Everything fits entry number 4 instead"),
    (far_index, "The entry number was changed. Everything fits entry number 4 instead"),
    (other_size, "Malformed proof: it has the wrong number of hashes"),
    (no_hash, "Malformed proof: it has the wrong number of hashes"),
    (double_name, "two fields have the same name"),
    (short_key, "Malformed field key: it is not 32 bytes long"),
    (long_key, "Malformed field key: it is not 32 bytes long"),
    (loose_key, "Malformed field key: its base64 is not written in the one right way"),
    (url_key, "Malformed field key: its base64"),
    (other_signature, "Signature wrong"),
    (other_signer, "Signer not in policy"),
    (other_origin, "The name of the log was changed"),
    (no_blank_line, "Malformed checkpoint"),
    (doubled_signature, "two signatures by the same key"),
    (extra_line, "Malformed proof"),
    (extra_part, "one that proves nothing"),
    (extra_word, "Malformed field"),
    (half_character, "half of a character"),
    (too_deep, "nested too deeply"),
    (no_list, "not a list"),
    (other_root, "The root in the checkpoint was changed. The log's signature fits"),
    (root_of_another_field, "more than one part, or somebody made it up"),
    (other_hash, "the checkpoint is genuine: a field, a field key, a hidden field, a hash"),
    (far_index_and_field, "the checkpoint is genuine: the entry number was changed"),
    (no_hash_by_stranger, "wrong number of hashes for its tree size. Signer not in policy"),
    (other_line, "its size, another line or the signature was changed"),
    (dashless_line, "Malformed signature line: it is not of the form"),
    (short_line, "Malformed signature line: it is cut short"),
    (hash_of_31_bytes, "Malformed proof: it is not 32 bytes long"),
    (index_with_zeros, "Malformed entry number"),
    (index_beyond_all, "Malformed entry number"),
    (control_character, "Malformed proof: it is not plain lines"),
    (number_as_key, "Malformed field key: its base64 is broken"),
    (doubled_commitment, "one of them twice"),
    (nothing_at_all, "it has no field"),
    (no_name, "it has no name"),
)


def tampered(tamper: Tamper) -> bytes:
    """The receipt that shows every field, after somebody changed it."""
    receipt = json.loads(make_file())
    tamper(receipt)
    return json.dumps(receipt).encode()
