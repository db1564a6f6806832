"""Which fields a receipt shows to the person whose report it is about, kind by kind.

Every other field stays on record as a commitment: it can be opened later, by who may read it. A
person's own words and what was done about them are theirs to show. What a reviewer thought is for
oversight, and a record that did not fit may be about somebody else.
"""

from collections.abc import Iterable

from portal.ledger.code_chain import ASKED_KEY, CODE_DIGEST, REQUEST_KEY, SIGNATURE
from portal.ledger.erasure_asked import SIGNATURE as ERASE_SIGNATURE

_OF_A_REFUSAL = frozenset(
    {
        "kind",
        "at",
        "subject",
        "sequence",
        "previous",
        "allegation",
        "match.zone",
        "match.model",
        "decided.role",
        "decided.organisation",
    }
)
_OF_A_READING = _OF_A_REFUSAL | {"read.number", "read.of_two"}
_CLOSED = {
    "match_refused": _OF_A_REFUSAL,
    "match_reopened": _OF_A_REFUSAL,
    "match_read": _OF_A_READING,
}
# Of use only to whoever audits changes of codes and erasures (`ledger.code_chain`).
_NEVER_SHOWN = frozenset({REQUEST_KEY, SIGNATURE, ASKED_KEY, CODE_DIGEST, ERASE_SIGNATURE})
_KEPT_BACK = {
    "matched": frozenset({"decided.reason"}),
    "match_gone": frozenset({"decided.reason"}),
    "alert_changed": frozenset({"reason"}),
    "looked_at": frozenset({"record.force", "record.reference"}),
    "force_asked": frozenset({"record.reference", "question"}),
    "force_replied": frozenset({"record.reference", "question", "words"}),
}
_PRINTED = frozenset({"at", "sequence"})
_NEUTRAL_KINDS = frozenset({"submitted", "withdrawn", "erased"})


def shown_names(kind: str, names: Iterable[str]) -> list[str]:
    """Those of an entry's field names that its receipt opens, in the same order."""
    if kind in _CLOSED:
        return [name for name in names if name in _CLOSED[kind]]
    kept_back = _KEPT_BACK.get(kind, frozenset()) | _NEVER_SHOWN
    return [name for name in names if name not in kept_back]


def printed_names(kind: str, names: Iterable[str]) -> list[str]:
    """Those of an entry's field names that the code on a printed sheet opens, in the same order.

    Whoever finds the sheet can read it, so it opens no answer, no force and nothing that ties two
    sheets together; and the kind only where its name tells nothing of what it is about.
    """
    harmless = _PRINTED | ({"kind"} if kind in _NEUTRAL_KINDS else set())
    return [name for name in names if name in harmless]
