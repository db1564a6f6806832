"""The reporter's blueprint with all its pages, for `web.routes`."""

from portal.web.report import (
    add,
    asked,
    back,
    begin,
    changes,
    check,
    correct,
    erase,
    everything,
    home,
    lost,
    new_code,
    own,
    paper,
    questions,
    safe_way,
    save_later,
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
    own,
    add,
    correct,
    everything,
    save_later,
)

__all__ = ["PARTS", "blueprint"]
