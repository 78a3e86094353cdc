"""What stands between a page and people who see, hear or move otherwise, as axe-core finds it."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Only what is told crosses to Python: a whole result takes longer to carry than to find.
_FIND = """() => axe.run({resultTypes: ["violations"]}).then((found) => found.violations.map((one) =>
    `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" ")}`))"""


def barriers(page: Page) -> list[str]:
    """Each rule that the page breaks, with the first elements that break it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(_FIND)
    return found


def unfold(page: Page) -> None:
    """Open all that is folded, so that it is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach((folded) => { folded.open = true; })")


def too_wide(page: Page) -> int:
    """By how many pixels a page is wider than its window; 0 where it fits."""
    pixels: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return max(0, pixels)
