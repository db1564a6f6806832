"""The reporter's blueprint with all its pages, for `web.routes`."""

from portal.web.report import back, begin, changes, check, home, questions, send
from portal.web.report.blueprint import blueprint

PARTS = (home, check, begin, questions, send, back, changes)

__all__ = ["PARTS", "blueprint"]
