// Single keys for whoever reads many cases. They only press what is on the page, do nothing while
// something is typed, and can be turned off for good in this browser (WCAG 2.1.4).
(function () {
  "use strict";

  var KEPT = "or-single-keys";
  var box = document.getElementById("keys");
  if (!box) {
    return;
  }
  var state = document.getElementById("keys-state");
  var turn = document.getElementById("keys-turn");
  var on = true;
  try {
    on = window.localStorage.getItem(KEPT) !== "off";
  } catch (error) {
    on = true;
  }

  function show() {
    state.textContent = on ? "on" : "off";
    turn.textContent = on ? turn.dataset.off : turn.dataset.on;
  }

  function isTyping(target) {
    return target instanceof HTMLElement && (target.isContentEditable ||
      target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])"));
  }

  turn.addEventListener("click", function () {
    on = !on;
    try {
      window.localStorage.setItem(KEPT, on ? "on" : "off");
    } catch (error) {
      // It holds for this page then.
    }
    show();
  });

  document.addEventListener("keydown", function (event) {
    var modified = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    if (!on || modified || event.repeat || isTyping(event.target)) {
      return;
    }
    var key = event.key.toLowerCase();
    var line = Array.prototype.find.call(box.querySelectorAll("[data-key]"), function (each) {
      return each.dataset.key === key;
    });
    if (!line) {
      return;
    }
    event.preventDefault();
    if (line.dataset.press) {
      // The form's own button, so that a second press within a second is dropped.
      document.querySelector("#decide button[type=submit]").click();
      return;
    }
    var radio = document.getElementById(line.dataset.for);
    radio.focus();
    radio.click();
    if (line.dataset.key === "o") {
      document.getElementById("reason").focus();
    }
  });

  show();
  box.hidden = false;
})();
