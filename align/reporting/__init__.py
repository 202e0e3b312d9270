"""The HTML report: an index page and a page an article, each self-contained."""

from align.reporting.report import report

__all__ = ["report"]
