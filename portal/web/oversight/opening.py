"""Asking why before something is opened: the look is written first, with its reason."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.errors import Refused
from portal.reports.models import Look
from portal.sealing import Keyring
from portal.web.access import get_account, site
from portal.web.oversight.forms import OpenForm


class Write(Protocol):
    """Writes a look with its reason, or refuses: `reports.looks.look` and what is like it."""

    def __call__(
        self,
        session: Session,
        report_id: UUID,
        /,
        *,
        account: Account,
        reason: str,
        keyring: Keyring,
        now: datetime,
    ) -> Look:
        """The look. Raises Refused."""
        ...


def take_reason(form: OpenForm, write: Write, report_id: UUID) -> Look | None:
    """The look written with the reason that was sent; None while there is none to take.

    What was refused, and why, stands in the form.
    """
    if not (form.is_submitted() and form.validate()):
        return None
    here, account = site(), get_account()
    try:
        with here.database.transaction() as session:
            return write(
                session,
                report_id,
                account=account,
                reason=form["reason"].data,
                keyring=here.keyring,
                now=here.now(),
            )
    except Refused as refused:
        form.refuse(refused.message)
        return None
