"""Comparing what people made of cases, and asked about them, with its entries."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from portal.ledger.audit_findings import Findings
from portal.matching.questions import context_of_words, words_for
from portal.matching.reviewing import context_of_reading
from portal.oversight.audit_beside import Accounts
from portal.oversight.audit_dossiers import Dossier, compare

_Keyed = Callable[[Mapping[str, Any]], object]
_Row = tuple[tuple[object, object], object]
_NOBODY = ("", "")
_ASKED, _ANSWERED = ("victim_asked", "force_asked"), ("victim_answered", "force_replied")


def check_review(dossier: Dossier, accounts: Accounts, findings: Findings) -> None:
    """Compare, one to one and both ways. Of an erased report no row is left to compare."""
    if dossier.report is not None and dossier.report.erased_at is not None:
        return
    ordinals = {one.id: one.ordinal for one in dossier.allegations}
    kinds: tuple[tuple[str, tuple[str, ...], _Keyed, list[_Row]], ...] = (
        ("reading", ("match_read",), _read, _readings(dossier, ordinals, accounts)),
        ("question", _ASKED, _asked, _questions(dossier, ordinals, accounts)),
        ("answer to a question", _ANSWERED, _answered, _answers(dossier, ordinals)),
    )
    for words, names, key, rows in kinds:
        entries = [
            ((one.at, None if one.fields is None else key(one.fields)), one.index)
            for one in dossier.of(*names)
        ]
        compare(findings, words, f"report {dossier.subject}", entries, rows, words)


def _readings(dossier: Dossier, ordinals: Mapping[UUID, int], accounts: Accounts) -> list[_Row]:
    found: list[_Row] = []
    for one, record, version in dossier.readings:
        reason = dossier.unseal(one.sealed_reason, context_of_reading(one))
        said = (
            ordinals[one.allegation_id],
            one.verdict,
            one.is_double,
            record.reference if record else None,
            version.number if version else None,
            one.model_version,
            one.role,
            accounts.get(one.account_id, ("", ""))[1],
            None if reason is None else reason.decode(),
        )
        found.append(((one.at, said), one.id))
    return found


def _read(fields: Mapping[str, Any]) -> object:
    names = ("allegation", "read.verdict", "read.of_two", "record.reference", "record.version")
    more = ("match.model", "decided.role", "decided.organisation", "decided.reason")
    return tuple(fields.get(name) for name in (*names, *more))


def _questions(dossier: Dossier, ordinals: Mapping[UUID, int], accounts: Accounts) -> list[_Row]:
    return [
        (
            (
                one.asked_at,
                (
                    ordinals[one.allegation_id],
                    words_for(one.kind, record.reference),
                    record.reference,
                    *(accounts.get(one.asked_by, _NOBODY) if one.asked_by else _NOBODY),
                ),
            ),
            one.id,
        )
        for one, record in dossier.questions
    ]


def _asked(fields: Mapping[str, Any]) -> object:
    names = ("allegation", "question", "record.reference", "decided.role", "decided.organisation")
    return tuple(fields.get(name) for name in names)


def _answers(dossier: Dossier, ordinals: Mapping[UUID, int]) -> list[_Row]:
    found: list[_Row] = []
    for one, record in dossier.questions:
        if one.answer is None and one.answered_at is None:
            continue
        words = dossier.unseal(one.sealed_words, context_of_words(one)) or b""
        said = (ordinals[one.allegation_id], record.reference, one.answer, words.decode())
        found.append(((one.answered_at, said), one.id))
    return found


def _answered(fields: Mapping[str, Any]) -> object:
    names = ("allegation", "record.reference", "answer")
    return (*(fields.get(name) for name in names), fields.get("words") or "")
