// The design system reveals and hides only when script runs. This runs before the page is drawn,
// so that nothing jumps; without it every part is shown.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}

// The page in another language came as the answer to a form, from an address that says nothing to
// a person and that "Back" would have to ask for again. It gets the address of the page itself.
(function () {
  "use strict";

  if (window.location.pathname.indexOf("/language/") === 0 && "URLSearchParams" in window) {
    var page = new URLSearchParams(window.location.search).get("page") || "";
    if (/^\/(?![/\\])/.test(page)) {
      window.history.replaceState(null, "", page);
    }
  }
})();
