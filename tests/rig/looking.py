"""What is asked of a page that a browser shows, in the browser's own words."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_AXE = (Path(__file__).parents[1] / "journeys" / "axe.min.js").read_text(encoding="utf-8")
_WIDE_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # The bar that leads away stands before every landmark but the header, by design.
    "rules": {"region": {"enabled": False}},
}
_NARROW_RULES = {"runOnly": ["target-size", "scrollable-region-focusable"]}

OPEN_ALL = """() => {
    document.querySelectorAll("details").forEach(each => { each.open = true; });
    for (const kind of ["radios", "checkboxes"]) {
        const name = `govuk-${kind}__conditional--hidden`;
        document.querySelectorAll("." + name).forEach(each => each.classList.remove(name));
    }
}"""
"""Opens what is folded away and what an answer would reveal."""

WIDTH = """() => document.documentElement.scrollWidth > innerWidth
    ? [`it is ${document.documentElement.scrollWidth} wide`] : []"""
"""Whether the page scrolls sideways."""

SPACED = """() => {
    const style = new CSSStyleSheet();
    style.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
        word-spacing: .16em !important; } p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets = [style];
}"""
"""The letters and lines of WCAG 1.4.12."""

LARGE_LETTERS = """() => {
    const style = new CSSStyleSheet();
    style.replaceSync(":root { font-size: 200% !important; }");
    document.adoptedStyleSheets = [style];
}"""
"""Letters twice as large (WCAG 1.4.4)."""

COVERED = """() => {
    const faults = [];
    const leave = document.querySelector("a[data-leave]");
    if (!leave) return ["there is no way out"];
    if (document.querySelector("a[href], button, input, select, textarea, summary") !== leave) {
        faults.push("the way out is not first");
    }
    const bar = leave.closest(".or-bar");
    const look = (where, points) => {
        const place = leave.getBoundingClientRect();
        if (place.width < 44 || place.height < 44) {
            faults.push(`the way out is ${place.width} by ${place.height} ${where}`);
        }
        for (const [x, y] of points) {
            const at = document.elementFromPoint(
                place.left + x * place.width, place.top + y * place.height);
            if (!at || at.closest("a[data-leave]") !== leave) {
                faults.push(`the way out is covered or out of view ${where}`);
                return;
            }
        }
    };
    document.activeElement.blur();
    const root = document.documentElement;
    const end = root.scrollHeight - innerHeight;
    for (const at of [0, end / 3, end]) {
        root.scrollTop = at;
        look(`scrolled to ${Math.round(at)}`, [[.5, .5], [.05, .1], [.95, .9]]);
    }
    const all = document.querySelectorAll(
        `main a[href], main button, main input:not([type=hidden]), main select, main textarea,
        summary, footer a`);
    const seen = [...all].filter(each => each.getClientRects().length);
    // From the end to the start as well: going back is when a bar at the top covers things.
    for (const each of [...seen, ...seen.slice().reverse()]) {
        each.focus();
        if (document.activeElement !== each) continue;
        const place = each.getBoundingClientRect();
        if (place.top < bar.getBoundingClientRect().bottom - 1) {
            faults.push(`the bar covers ${each.outerHTML.slice(0, 80)}`);
        }
        look(`with the focus on ${each.outerHTML.slice(0, 60)}`, [[.5, .5]]);
    }
    document.activeElement.blur();
    root.scrollTop = 0;
    return [...new Set(faults)].slice(0, 5);
}"""
"""What covers the way out, or is covered by its bar while it has the focus (WCAG 2.4.11)."""

NAMES = """() => {
    const faults = [];
    const text = id => (document.getElementById(id)?.textContent ?? "").trim();
    const ids = (each, name) => (each.getAttribute(name) ?? "").split(/\\s+/).filter(Boolean);
    const named = each => (each.getAttribute("aria-label") ?? "").trim()
        || ids(each, "aria-labelledby").map(text).join("")
        || [...(each.labels ?? [])].map(label => label.textContent.trim()).join("")
        || (/^(A|BUTTON|SUMMARY)$/.test(each.tagName) ? each.textContent.trim() : "");
    const controls = `a[href], button, input:not([type=hidden], [hidden]), select,
        textarea:not([hidden]), summary`;
    for (const each of document.querySelectorAll(controls)) {
        if (each.getAttribute("aria-hidden") === "true") continue;
        if (!named(each)) faults.push(`no name: ${each.outerHTML.slice(0, 80)}`);
        for (const id of ids(each, "aria-describedby")) {
            if (!text(id)) faults.push(`${id} describes nothing`);
        }
    }
    for (const each of document.querySelectorAll(".govuk-hint[id], .govuk-error-message[id]")) {
        if (!document.querySelector(`[aria-describedby~="${CSS.escape(each.id)}"]`)) {
            faults.push(`${each.id} is read out with nothing`);
        }
    }
    for (const link of document.querySelectorAll(".govuk-error-summary a")) {
        if (!document.getElementById(link.hash.slice(1))) faults.push(`${link.hash} leads nowhere`);
    }
    const once = ["h1", "main", "header", "footer"];
    for (const name of once) {
        const count = document.querySelectorAll(name).length;
        if (count !== 1) faults.push(`${count} of ${name}`);
    }
    if (!document.documentElement.lang) faults.push("no language");
    if (!document.querySelector("main h1")) faults.push("the main heading is not in main");
    return faults;
}"""
"""What has no name, no description where one is shown, or no place in the page."""


def complaints(page: Page, *, wide: bool) -> list[Any]:
    """What axe finds: with every rule, or with those that depend on the width."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    rules = json.dumps(_WIDE_RULES if wide else _NARROW_RULES)
    return list(
        page.evaluate(
            f"""async () => (await axe.run(document, {{...{rules}, resultTypes: ["violations"],
                preload: false}})).violations.map(each =>
                `axe ${{each.id}}: ${{each.nodes[0].html.slice(0, 200)}}`)"""
        )
    )
