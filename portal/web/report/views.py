"""The reporter's blueprint with all its pages, for `web.routes`."""

from portal.web.report import back, begin, changes, erase, home, questions, send
from portal.web.report.blueprint import blueprint

PARTS = (home, begin, questions, send, back, changes, erase)

__all__ = ["PARTS", "blueprint"]
