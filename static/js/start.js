// The design system reveals and hides only when script runs. This runs before the page is drawn,
// so that nothing jumps; without it every part is shown.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
