"""The reporter's blueprint with all its pages, for `web.routes`."""

from portal.web.report import (
    asked,
    back,
    begin,
    changes,
    check,
    erase,
    evidence,
    evidence_one,
    evidence_sending,
    home,
    lost,
    messages,
    new_code,
    next_steps,
    paper,
    questions,
    safe_way,
    said,
    seen,
    send,
    show,
    survey,
)
from portal.web.report.blueprint import blueprint

PARTS = (
    home,
    check,
    begin,
    questions,
    send,
    paper,
    back,
    changes,
    show,
    new_code,
    safe_way,
    lost,
    erase,
    asked,
    evidence,
    evidence_sending,
    evidence_one,
    said,
    next_steps,
    seen,
    survey,
    messages,
)

__all__ = ["PARTS", "blueprint"]
