"""What oversight sees in lists: alerts, allegations without a record. Read only.

Nothing here is sealed: kinds, states, categories, forces and times. Every list walks an index and
goes on after a mark, so that rows which change meanwhile make nobody skip one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    and_,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from portal.accounts.models import Account
from portal.alerts.models import Alert, Clock
from portal.matching.models import Match
from portal.police.standing import is_standing
from portal.reference.categories import all_categories
from portal.reports.closed import is_open
from portal.reports.models import ERASED, Allegation, Report

PER_PAGE = 50
FORCE_NOT_KNOWN = "not-known"
Row = TypeVar("Row")


class Mark(NamedTuple):
    """Where a page of a list ended: the time and the id of its last row."""

    at: datetime
    id: UUID


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list; `after` is where the next page goes on, None when this is the last."""

    rows: Sequence[Row]
    after: Mark | None


@dataclass(frozen=True)
class Wanted:
    """What the list of alerts is narrowed to; "" and None narrow nothing, `until` is excluded.

    `state` is a state of an alert, "any", or "" for all that are not resolved.
    """

    kind: str = ""
    state: str = ""
    stage: str = ""
    force: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class WantedUnmatched:
    """What the list of allegations without a record is narrowed to.

    `limit` is "passed" or "running", `candidates` "waiting" or "none"; "" narrows nothing. The
    times are those at which the clock started.
    """

    limit: str = ""
    candidates: str = ""
    force: str = ""
    since: datetime | None = None
    until: datetime | None = None


class AlertRow(NamedTuple):
    """An alert, the category of its allegation, and the organisation of whoever owns it."""

    alert: Alert
    category: str | None
    owner: str | None


class UnmatchedRow(NamedTuple):
    """An allegation without an accepted record, its clock, and whether a match waits.

    `alert_id` is that of its `unrecorded` alert, None before one is raised.
    """

    clock: Clock
    allegation: Allegation
    has_candidates: bool
    withdrawn: bool
    alert_id: UUID | None


def alert_counts(session: Session, account: Account) -> dict[tuple[str, str], int]:
    """How many alerts wait for this person, by kind and state; resolved ones are not counted."""
    rows = session.execute(
        select(Alert.kind, Alert.state, func.count())
        .where(_concerns(account, Alert.force_id), _is_waiting())
        .group_by(Alert.kind, Alert.state)
    )
    return {(kind, state): count for kind, state, count in rows}


def list_alerts(
    session: Session,
    account: Account,
    wanted: Wanted,
    *,
    after: Mark | None = None,
    at_most: int = PER_PAGE,
) -> Page[AlertRow]:
    """The alerts that this person may see, the oldest first."""
    conditions = [_concerns(account, Alert.force_id), *_narrowed(wanted)]
    if after is not None:
        conditions.append(_later(Alert.raised_at, Alert.id, after))
    found = session.execute(
        select(Alert, Allegation.category, Account.organisation)
        .outerjoin(Allegation, Allegation.id == Alert.allegation_id)
        .outerjoin(Account, Account.id == Alert.owner_id)
        .where(*conditions)
        .order_by(Alert.raised_at, Alert.id)
        .limit(at_most + 1)
    ).all()
    rows = [AlertRow(*each) for each in found[:at_most]]
    more = len(found) > at_most
    return Page(rows, Mark(rows[-1].alert.raised_at, rows[-1].alert.id) if more else None)


def count_alerts(session: Session, account: Account, wanted: Wanted) -> int:
    """How many alerts the whole list holds."""
    query = select(func.count()).select_from(Alert)
    query = query.where(_concerns(account, Alert.force_id), *_narrowed(wanted))
    return session.scalar(query) or 0


def list_unmatched(
    session: Session,
    account: Account,
    wanted: WantedUnmatched,
    *,
    now: datetime,
    after: Mark | None = None,
    at_most: int = PER_PAGE,
) -> Page[UnmatchedRow]:
    """Allegations that police were told of and that have no accepted record, oldest clock first.

    One of a report that is fraud through and through is left out: it goes to a national body.
    """
    conditions = _unmatched(account, wanted, now)
    if after is not None:
        conditions.append(_later(Clock.started_at, Clock.allegation_id, after))
    found = session.execute(
        select(Clock, Allegation, _waits(), ~is_open(), _alert_about())
        .join(Allegation, Allegation.id == Clock.allegation_id)
        .join(Report, Report.id == Allegation.report_id)
        .where(*conditions)
        .order_by(Clock.started_at, Clock.allegation_id)
        .limit(at_most + 1)
    ).all()
    rows = [UnmatchedRow(*each) for each in found[:at_most]]
    more = len(found) > at_most
    return Page(rows, Mark(rows[-1].clock.started_at, rows[-1].allegation.id) if more else None)


def count_unmatched(
    session: Session, account: Account, wanted: WantedUnmatched, *, now: datetime
) -> int:
    """How many allegations the whole list holds."""
    query = select(func.count()).select_from(Clock)
    query = query.join(Allegation, Allegation.id == Clock.allegation_id)
    return session.scalar(query.where(*_unmatched(account, wanted, now))) or 0


def _concerns(account: Account, force_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    """What a person's role lets them see: every force, one's own, or nothing."""
    if account.role == "inspector":
        return true()
    if account.role not in ("pcc", "registrar") or account.force_id is None:
        return false()
    own: ColumnElement[bool] = force_id == account.force_id
    return own


def _unmatched(
    account: Account, wanted: WantedUnmatched, now: datetime
) -> list[ColumnElement[bool]]:
    conditions = [
        Clock.met_at.is_(None),
        _concerns(account, Allegation.force_id),
        ~_has_record(),
        ~_is_only_fraud(),
        Allegation.category != ERASED,
        *_between(Clock.started_at, wanted.since, wanted.until),
        *_of_force(Allegation.force_id, wanted.force),
    ]
    if wanted.limit:
        conditions.append(
            Clock.limit_at <= now if wanted.limit == "passed" else Clock.limit_at > now
        )
    if wanted.candidates:
        conditions.append(_waits() if wanted.candidates == "waiting" else ~_waits())
    return conditions


def _waits() -> ColumnElement[bool]:
    return exists().where(Match.allegation_id == Allegation.id, Match.state == "proposed")


def _is_waiting() -> ColumnElement[bool]:
    # Written out, because a database walks the index of what waits only if it sees the value.
    return Alert.state != literal_column("'resolved'")


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [
        *_between(Alert.raised_at, wanted.since, wanted.until),
        *_of_force(Alert.force_id, wanted.force),
    ]
    if not wanted.state:
        conditions.append(_is_waiting())
    elif wanted.state != "any":
        conditions.append(Alert.state == wanted.state)
    if wanted.kind:
        conditions.append(Alert.kind == wanted.kind)
    if wanted.stage:
        conditions.append(Alert.stage == wanted.stage)
    return conditions


def _between(
    column: Any,  # noqa: ANN401 - a column
    since: datetime | None,
    until: datetime | None,
) -> list[ColumnElement[bool]]:
    return [
        *([column >= since] if since is not None else []),
        *([column < until] if until is not None else []),
    ]


def _of_force(column: Any, force: str) -> list[ColumnElement[bool]]:  # noqa: ANN401 - a column
    if not force:
        return []
    return [column.is_(None) if force == FORCE_NOT_KNOWN else column == force]


def _later(at: Any, key: Any, mark: Mark) -> ColumnElement[bool]:  # noqa: ANN401 - columns
    return or_(at > mark.at, and_(at == mark.at, key > mark.id))


def _alert_about() -> ScalarSelect[UUID]:
    return (
        select(Alert.id)
        .where(Alert.allegation_id == Allegation.id, Alert.kind == "unrecorded")
        .limit(1)
        .scalar_subquery()
    )


def _has_record() -> ColumnElement[bool]:
    """An accepted match with a crime record that stands, as where the clocks are looked at: with an
    N100, or with one that the force removed since, it stops nothing.
    """
    return exists().where(
        Match.allegation_id == Allegation.id,
        Match.state == "accepted",
        is_standing(Match.record_id),
    )


def _is_only_fraud() -> ColumnElement[bool]:
    other = aliased(Allegation)
    # One that is offered no more is no fraud, as where the clocks are looked at.
    fraud = [one.slug for one in all_categories() if "fraud" in one.flags]
    return ~exists().where(other.report_id == Allegation.report_id, ~other.ever_said_only(fraud))
