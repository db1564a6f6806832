"""Comparing the matches of a report with its entries about them."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from portal.ledger.audit_findings import Findings
from portal.ledger.audit_opening import Opened
from portal.oversight.audit_dossiers import Dossier, MatchRow

Accounts = Mapping[UUID, tuple[str, str]]
_KINDS = ("matched", "match_refused", "match_ended", "match_reopened", "match_gone")
_STATES = {
    "matched": {"accepted"},
    "match_refused": {"refused"},
    "match_ended": {"proposed", "ended"},
    "match_reopened": {"kept", "proposed", "ended"},
    "match_gone": {"proposed", "ended"},
    "": {"kept", "proposed", "ended"},
}
_Story = list[tuple[Opened, Mapping[str, Any]]]


def check_matches(dossier: Dossier, accounts: Accounts, findings: Findings) -> None:
    """Compare each match with what was put on record about it, and the other way about."""
    if dossier.report is not None and dossier.report.erased_at is not None:
        return
    ordinals = {one.id: one.ordinal for one in dossier.allegations}
    stories: dict[object, _Story] = defaultdict(list)
    for one, fields in dossier.opened(*_KINDS):
        key = (fields.get("allegation"), fields.get("record.force"), fields.get("record.reference"))
        stories[key].append((one, fields))
    for row in dossier.matches:
        match, record, _ = row
        key = (ordinals[match.allegation_id], record.force_id, record.reference)
        _check(row, stories.pop(key, []), dossier, accounts, findings)
    for story in stories.values():
        findings.add(
            "match",
            f"entry {story[-1][0].index}",
            "the match that it is about is not there: its row was changed or deleted",
        )


def _check(
    row: MatchRow, story: _Story, dossier: Dossier, accounts: Accounts, findings: Findings
) -> None:
    match, _, version = row
    where = f"match {match.id}"
    kind = story[-1][0].kind if story else ""
    if not findings.unless(
        match.state in _STATES[kind],
        "match",
        where,
        f"its state “{match.state}” is not what is on record",
    ):
        return
    if kind in ("matched", "match_refused"):
        _check_decided(row, story, dossier, accounts, findings)
    if kind == "match_gone":
        _check_gone(row, story[-1], dossier, accounts, findings)
    again = [one.at for one, fields in story if _is_again(one, fields)]
    # Of what a victim took back before there was such a column nothing stands there.
    may_be_none = all(one.kind != "match_reopened" for one, _ in story)
    findings.unless(
        match.reopened_at == (again[-1] if again else None)
        or (may_be_none and match.reopened_at is None),
        "match",
        where,
        "when it was looked at again is not what is on record",
    )
    findings.unless(
        version is not None and version.record_id == match.record_id,
        "match",
        where,
        "it was judged on a version of another record",
    )
    findings.unless(
        not story or match.proposed_at <= story[0][0].at,
        "match",
        where,
        "it says that it was proposed after it was decided",
    )


def _is_again(one: Opened, fields: Mapping[str, Any]) -> bool:
    by_victim = one.kind == "match_ended" and fields.get("decided.role") == "victim"
    return by_victim or one.kind == "match_reopened"


def _check_decided(
    row: MatchRow, story: _Story, dossier: Dossier, accounts: Accounts, findings: Findings
) -> None:
    match, _, version = row
    where, (entry, fields) = f"match {match.id}", story[-1]
    by_person = "decided.role" in fields
    number = version.number if version else 0
    # A machine's match may since have been judged on a newer version with the same result.
    same = number == fields.get("record.version")
    newer = not by_person and number > int(fields.get("record.version") or 0)
    findings.unless(
        match.zone == fields.get("match.zone")
        and (newer or (same and match.model_version == fields.get("match.model"))),
        "match",
        where,
        "what it was judged on, or how, is not what is on record",
    )
    first = next(one.at for one, _ in story if one.kind in (entry.kind, "match_gone"))
    findings.unless(
        match.decided_at == (entry.at if by_person else first),
        "match",
        where,
        "it says another time of the decision than what is on record",
    )
    if not by_person:
        findings.unless(
            match.decided_by is None, "match", where, "it names a person, and none decided it"
        )
        return
    _check_who(row, fields, dossier, accounts, findings)


def _check_gone(
    row: MatchRow,
    last: tuple[Opened, Mapping[str, Any]],
    dossier: Dossier,
    accounts: Accounts,
    findings: Findings,
) -> None:
    """Nobody's decision stands there any more once the force put the record back."""
    match, _, version = row
    entry, fields = last
    findings.unless(
        match.decided_at == entry.at,
        "match",
        f"match {match.id}",
        "it says another time of the decision than what is on record",
    )
    is_newer = version is not None and version.number > int(fields.get("record.version") or 0)
    if match.decided_by is not None or not is_newer:
        _check_who(row, fields, dossier, accounts, findings)


def _check_who(
    row: MatchRow,
    fields: Mapping[str, Any],
    dossier: Dossier,
    accounts: Accounts,
    findings: Findings,
) -> None:
    match, _, _ = row
    reason = dossier.unseal(match.sealed_reason, f"match-reason:{match.id}")
    # The victim has no account: nobody's may stand there then.
    stands = accounts.get(match.decided_by) if match.decided_by else ("victim", "")
    findings.unless(
        stands == (fields.get("decided.role"), fields.get("decided.organisation"))
        and reason == str(fields.get("decided.reason")).encode(),
        "match",
        f"match {match.id}",
        "who decided it, or why, is not what is on record",
    )
