// Leaving at once. Without script the link still leaves: the server ends the visit on the way.
// This adds three things: the page is gone before the network answers, the address does not stay
// behind "Back", and Shift pressed three times does the same as the link.
(function () {
  "use strict";

  var LEAVE = "/leave";
  var PRESSES = 3;
  var WITHIN_MS = 3000;
  var presses = [];
  var left = false;

  // First of all the page is hidden, by one class with one property that needs no layout. What
  // takes a slow phone longer comes after the frame that shows nothing.
  function leave() {
    document.documentElement.classList.add("or-left");
    left = true;
    window.location.replace(LEAVE);
    window.requestAnimationFrame(function () { window.requestAnimationFrame(empty); });
  }

  // A page kept in memory by the browser would come back whole, so nothing is left to keep.
  function empty() {
    if (document.body) {
      document.body.replaceChildren();
    }
  }

  window.addEventListener("pagehide", function () {
    if (left) {
      empty();
    }
  });

  // On the window and before it reaches the page, so that no other script comes first.
  window.addEventListener("click", function (event) {
    var link = event.target instanceof Element && event.target.closest("a[data-leave]");
    if (link) {
      event.preventDefault();
      leave();
    }
  }, true);

  // Any other key begins the count anew: capital letters are not a wish to leave, and neither is
  // Shift held with another such key (Alt and Shift change the keyboard's language), nor one that
  // the keyboard's own software takes while a word is put together.
  window.addEventListener("keydown", function (event) {
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
  document.addEventListener("mousedown", function () { presses = []; });

  // Shown again from memory (Back): ask the server, which knows whether the visit has ended.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      document.documentElement.classList.add("or-left");
      if (left) {
        window.location.replace(LEAVE);
      } else {
        window.location.reload();
      }
    }
  });
})();
