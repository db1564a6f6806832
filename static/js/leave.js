// Leaving at once. Without script the link still leaves: the server ends the visit on the way. This
// adds that the page is gone before the network answers, that "Back" does not lead to it, and that
// Shift pressed three times does the same as the link. docs/leaving.md says why each part is so.
(function () {
  "use strict";

  var LEAVE = "/leave";
  var PRESSES = 3;
  var WITHIN_MS = 3000;
  var root = document.documentElement;
  var presses = [];
  var left = false;

  // First the page is hidden, which needs no layout; what takes longer comes after that frame.
  function leave() {
    root.classList.add("or-left");
    left = true;
    location.replace(LEAVE);
    requestAnimationFrame(function () { requestAnimationFrame(empty); });
  }

  // A page kept in memory by the browser would come back whole.
  function empty() {
    if (left && document.body) {
      document.body.replaceChildren();
    }
  }

  addEventListener("pagehide", empty);

  // While it comes down to the page: no other script is first.
  addEventListener("click", function (event) {
    if (event.target instanceof Element && event.target.closest("a[data-leave]")) {
      event.preventDefault();
      leave();
    }
  }, true);

  // Any other key begins the count anew, and so does Shift held with one that changes the keyboard,
  // or taken by its software.
  addEventListener("keydown", function (event) {
    if (event.key !== "Shift" || event.altKey || event.ctrlKey || event.metaKey ||
        event.isComposing) {
      presses = [];
    } else if (!event.repeat) {
      var now = Date.now();
      presses = presses.filter(function (at) { return now - at < WITHIN_MS; });
      presses.push(now);
      if (presses.length >= PRESSES) {
        leave();
      }
    }
  }, true);

  // Shift held while the mouse selects or clicks is not a wish to leave.
  addEventListener("mousedown", function () { presses = []; });

  // Shown again from memory (Back): the server knows whether the visit has ended.
  addEventListener("pageshow", function (event) {
    if (event.persisted) {
      root.classList.add("or-left");
      if (left) {
        location.replace(LEAVE);
      } else {
        location.reload();
      }
    }
  });
})();
