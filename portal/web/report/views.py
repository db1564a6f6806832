"""The reporter's blueprint with all its pages, for `web.routes`."""

from portal.web.report import back, begin, changes, home, paper, questions, send, show
from portal.web.report.blueprint import blueprint

PARTS = (home, begin, questions, send, paper, back, changes, show)

__all__ = ["PARTS", "blueprint"]
