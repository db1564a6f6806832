// Takes out of a built style the parts of the design system that no page uses. docs/design-system.md
// has the commands. Reads the style on standard input and writes it to standard output.
import { readFileSync } from "node:fs";

// Whole families, by how their class names begin (after "govuk-"), and single ones by their names.
const FAMILIES = [
  "exit-this-page", "drop-zone", "file-upload-button", "file-upload-wrapper", "phase-banner",
  "task-list", "radios--small", "checkboxes--small", "input__prefix", "input__suffix",
  "input--extra", "pagination__item", "pagination__list", "pagination__icon",
  "pagination__link-label", "pagination--block", "pagination__link-title--decorated",
  "breadcrumbs--", "back-link--", "button--inverse", "button--start", "button__start",
  "link--inverse", "link--muted", "link--no", "link--text", "link-image", "clearfix",
  "main-wrapper--", "summary-card__action", "summary-list__actions-list", "summary-list--no",
  "table--small", "visually-hidden-focusable", "section-break", "body-lead", "body-m",
  "caption-m", "caption-xl", "grid-column-full", "grid-column-one-quarter",
  "grid-column-three-quarters", "grid-column-one-third-from", "grid-column-one-half-from",
  "grid-column-two-thirds-from",
  "\\!-font-size", "\\!-font-tabular", "\\!-text-align", "\\!-text-break", "\\!-width",
  "\\!-display", "character-count__message--disabled",
];

function isDropped(selector) {
  return FAMILIES.some((name) => selector.includes(`.govuk-${name}`));
}

function prune(css) {
  let kept = "";
  let at = 0;
  while (at < css.length) {
    const open = css.indexOf("{", at);
    if (open < 0) {
      return kept + css.slice(at);
    }
    let close = open;
    for (let depth = 0; ; close += 1) {
      depth += { "{": 1, "}": -1 }[css[close]] ?? 0;
      if (depth === 0) {
        break;
      }
    }
    const head = css.slice(at, open);
    const body = css.slice(open + 1, close);
    at = close + 1;
    if (head.startsWith("@media") || head.startsWith("@supports")) {
      const inside = prune(body);
      kept += inside ? `${head}{${inside}}` : "";
      continue;
    }
    // A comma inside brackets belongs to one selector.
    const selectors = head.split(/,(?![^(]*\))/).filter((each) => !isDropped(each));
    kept += selectors.length ? `${selectors.join(",")}{${body}}` : "";
  }
  return kept;
}

const [notice, ...rest] = readFileSync(0, "utf8").split("\n");
process.stdout.write(`${notice}\n${prune(rest.join("\n"))}`);
