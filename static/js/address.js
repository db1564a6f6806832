// Only on a page whose language was changed while somebody typed in it. It came as the answer to a
// form, from an address that "Back" would have to ask for again: it gets the page's own address.
(function () {
  "use strict";

  if (window.location.pathname.indexOf("/language/") === 0 && "URLSearchParams" in window) {
    var page = new URLSearchParams(window.location.search).get("page") || "";
    if (/^\/(?![/\\])/.test(page)) {
      window.history.replaceState(null, "", page);
    }
  }
})();
