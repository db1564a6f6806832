"""The reporter's blueprint with all its pages, for `web.routes`."""

from portal.web.report import (
    asked,
    back,
    begin,
    changes,
    check,
    erase,
    home,
    lost,
    messages,
    new_code,
    paper,
    questions,
    safe_way,
    send,
    show,
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
    messages,
)

__all__ = ["PARTS", "blueprint"]
