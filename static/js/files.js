// Sends each chosen file in parts, so that a lost connection costs no more than one of them. Without
// this, or where the browser cannot hash, the form sends the files whole, as forms do.
(function () {
  "use strict";

  var form = document.getElementById("files-form");
  var subtle = window.crypto && window.crypto.subtle;
  if (!form || !subtle || !window.fetch || !Blob.prototype.arrayBuffer) {
    return;
  }
  var PART = 1024 * 1024;
  var TRIES = 8;
  var WAIT_MS = 2000;
  var LONGEST_WAIT_MS = 20000;
  var input = document.getElementById("files");
  var button = form.querySelector("button[type=submit]");
  var said = document.getElementById("files-said");
  var again = document.getElementById("files-again");
  var home = form.getAttribute("action");
  var busy = false;

  function say(line, words, values) {
    line.textContent = words.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
  }

  function newLine() {
    var line = document.createElement("p");
    line.className = "govuk-body or-long";
    said.appendChild(line);
    return line;
  }

  function wait(ms) {
    return new Promise(function (done) { window.setTimeout(done, ms); });
  }

  async function digest(blob) {
    return new Uint8Array(await subtle.digest("SHA-256", await blob.arrayBuffer()));
  }

  function hex(bytes) {
    return Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
  }

  // An answer that is no answer of ours (no network, a restart) is tried again; `null` after that.
  async function ask(line, path, body, headers) {
    var token = form.querySelector("input[name=csrf_token]");
    var all = Object.assign(token ? { "X-CSRFToken": token.value } : {}, headers);
    for (var tried = 0; tried < TRIES; tried += 1) {
      try {
        var answer = await fetch(home + path, { method: "POST", body: body, headers: all });
        if (answer.ok || answer.status === 409) {
          return await answer.json();
        }
        if (answer.status < 500) {
          return null;
        }
      } catch (error) {
        // Told below, and tried again.
      }
      say(line, form.dataset.trying, {});
      await wait(Math.min(WAIT_MS * Math.pow(2, tried), LONGEST_WAIT_MS));
    }
    return null;
  }

  // A file is known again by the hash over the hashes of its parts: it is read part by part, and
  // another file that only begins alike is never taken for it.
  async function begin(line, file) {
    var hashes = [];
    say(line, form.dataset.reading, { name: file.name });
    if (file.size <= Number(form.dataset.limit)) {
      for (var start = 0; start < file.size; start += PART) {
        hashes.push(await digest(file.slice(start, start + PART)));
      }
    }
    var whole = hex(await digest(new Blob(hashes)));
    var fields = new URLSearchParams({ name: file.name, size: file.size, whole: whole });
    return ask(line, "/begin", fields, {});
  }

  async function send(line, file) {
    var at = await begin(line, file);
    while (at && !at.message && at.have < at.parts) {
      say(line, form.dataset.sending, { name: file.name, have: at.have, all: at.parts });
      var part = file.slice(at.have * at.size, (at.have + 1) * at.size);
      var headers = { "Content-Type": "application/octet-stream", "X-Part-Sha256": hex(await digest(part)) };
      at = await ask(line, "/" + at.id + "/" + (at.have + 1), part, headers);
    }
    if (at && !at.message) {
      say(line, form.dataset.checking, { name: file.name });
      at = await ask(line, "/" + at.id + "/finish", new URLSearchParams(), {});
    }
    if (!at) {
      say(line, form.dataset.stopped, { name: file.name });
      return false;
    }
    line.textContent = at.message ? file.name + ": " + at.message : "";
    if (!at.message) {
      say(line, form.dataset.added, { name: file.name });
    }
    return !at.message;
  }

  async function sendAll(files) {
    var added = 0;
    for (var index = 0; index < files.length; index += 1) {
      try {
        added += await send(newLine(), files[index]) ? 1 : 0;
      } catch (error) {
        // The file cannot be read any more: it was moved, or taken out of the device.
        say(newLine(), form.dataset.stopped, { name: files[index].name });
      }
    }
    return added;
  }

  form.addEventListener("submit", async function (event) {
    event.preventDefault();
    if (busy) {
      return;
    }
    var files = Array.from(input.files);
    said.replaceChildren();
    if (!files.length) {
      say(newLine(), form.dataset.choose, {});
      input.focus();
      return;
    }
    busy = true;
    button.setAttribute("aria-disabled", "true");
    var added = await sendAll(files);
    busy = false;
    button.removeAttribute("aria-disabled");
    form.reset();
    if (added === files.length) {
      window.location.replace(home + "?done=3");
      return;
    }
    say(newLine(), form.dataset.done, {});
    again.hidden = false;
  });
})();
