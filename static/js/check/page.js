// The page on which somebody checks a receipt: what they chose goes in, the verdict comes out.
// Nothing leaves the browser. Until this has run, the page says how to check without it.
(function (check) {
  "use strict";

  const one = (id) => document.getElementById(id);

  function made(kind, words, style) {
    const element = document.createElement(kind);
    element.textContent = words;
    element.className = style || "";
    return element;
  }

  function listOf(title, sentences) {
    const list = document.createElement("ul");
    list.className = "govuk-list govuk-list--bullet";
    list.append(...sentences.map((each) => made("li", check.printable(each), "or-long")));
    return [made("h3", title, "govuk-heading-s"), list];
  }

  function fieldsOf(verdict) {
    const list = made("dl", "", "govuk-summary-list");
    for (const [name, value] of verdict.fields) {
      const row = made("div", "", "govuk-summary-list__row govuk-summary-list__row--no-actions");
      const lines = check.valueLines(value).flatMap((line) => [line, document.createElement("br")]);
      const shown = made("dd", "", "govuk-summary-list__value or-long");
      shown.append(...lines.slice(0, -1));
      row.append(made("dt", check.printable(name), "govuk-summary-list__key or-long"), shown);
      list.append(row);
    }
    const hidden = `Fields of this entry that stay hidden: ${verdict.hidden}`;
    return [
      made("h3", "The fields that this receipt shows", "govuk-heading-s"),
      list,
      made("p", hidden, "govuk-body"),
    ];
  }

  const NEXT = {
    [check.NOT_PROVED]:
      "Do not rely on this receipt. Ask whoever gave it to you for the file again, and check that" +
      " the policy file is the right one.",
    [check.UNREADABLE]:
      "Nothing was changed. Look whether you chose the right files, and whether they are whole.",
    [check.SIGNER_UNKNOWN]:
      "To learn who signed it, choose a policy file from somebody whom you have reason to believe.",
  };

  // Brought into view and into focus, so that nobody has to look for it or hears it twice.
  function put(first, ...others) {
    first.tabIndex = -1;
    one("check-result").replaceChildren(first, ...others);
    first.focus();
    first.scrollIntoView();
  }

  function show(verdict, names) {
    const [found, why] = check.cut(check.printable(verdict.summary), ". ");
    const parts = [
      made("h2", why ? `${found}.` : found, "govuk-heading-m"),
      made("p", check.printable(`This is about ${names.join(", with ")}.`), "govuk-body or-long"),
    ];
    if (why) {
      parts.push(made("p", why, "govuk-body or-long"));
    }
    if (NEXT[verdict.code]) {
      parts.push(made("p", NEXT[verdict.code], "govuk-body"));
    }
    if (verdict.proved.length) {
      parts.push(...listOf("What this proves", verdict.proved));
      parts.push(...listOf("What this does not prove", verdict.notProved));
      parts.push(...fieldsOf(verdict));
    }
    put(...parts);
  }

  const say = (words) => put(made("p", words, "govuk-body"));

  // What was put into a box by this page and not by the person, in words.
  const sources = new Map();

  // The bytes of the chosen file or of what was pasted; null where there is neither.
  async function chosen(what) {
    const [file] = one(`${what}-file`).files;
    if (file) {
      return new Uint8Array(await file.slice(0, check.MAX_BYTES + 1).arrayBuffer());
    }
    const text = one(`${what}-text`).value;
    return text === "" ? null : check.toUtf8(text);
  }

  function nameOf(what) {
    const [file] = one(`${what}-file`).files;
    if (file) {
      return `the ${what} file \u201c${file.name}\u201d`;
    }
    return sources.get(what) || (one(`${what}-text`).value ? `the pasted ${what}` : `no ${what}`);
  }

  const isAddress = (text) => /#[0-9]+\s*$|^\s*[0-9]{13,}\s*$/.test(text);

  async function judgeChosen() {
    const policy = await chosen("policy");
    const text = one("receipt-text").value;
    if (isAddress(text)) {
      return check.judgeAddress(text, policy);
    }
    const receipt = await chosen("receipt");
    return receipt === null ? null : check.judge(receipt, policy);
  }

  // Counts the choices and checks, so that no verdict is shown beside what it is not about.
  let turn = 0;

  function forget() {
    turn += 1;
    one("check-result").replaceChildren();
  }

  check.run = async function () {
    forget();
    const own = turn;
    const names = [nameOf("receipt"), nameOf("policy")];
    let tell;
    try {
      const verdict = await judgeChosen();
      tell = verdict === null
        ? () => say("There is nothing to check yet. Choose a receipt file, or paste it.")
        : () => show(verdict, names);
    } catch (error) {
      if (!(error instanceof DOMException)) {
        throw error;
      }
      tell = () =>
        say("The file could not be opened. It may have been moved or changed. Choose it again.");
    }
    if (own === turn) {
      tell();
    }
  };

  // Of a file and a pasted text, the one that came last counts.
  function keepOne(what) {
    const [file, text] = [one(`${what}-file`), one(`${what}-text`)];
    const empty = (other) => () => {
      other.value = "";
      sources.delete(what);
      forget();
    };
    file.addEventListener("change", empty(text));
    // A file chosen again after it was changed on disk is no change to the browser.
    for (const kind of ["click", "drop"]) {
      file.addEventListener(kind, forget);
    }
    text.addEventListener("input", empty(file));
  }

  check.paste = function (what, text, source) {
    one(`${what}-file`).value = "";
    one(`${what}-text`).value = text;
    one(`${what}-text`).closest("details").open = true;
    sources.set(what, source);
    forget();
  };

  function readOwnAddress() {
    if (/^#[0-9]+$/.test(location.hash)) {
      check.paste("receipt", location.href, "the receipt in the address of this page");
      // Whoever came by a square code wants the verdict, and did not ask for the boxes.
      one("check-tool").before(one("check-result"));
      return check.run();
    }
    return undefined;
  }

  async function start() {
    if (!(await check.isAble())) {
      one("check-why").textContent = globalThis.isSecureContext
        ? "This browser is too old to check a receipt by itself. It lacks Ed25519 signatures."
        : "This page was not opened in a secure way, so the browser will not check signatures.";
      return;
    }
    one("check-otherwise").hidden = true;
    one("check-tool").hidden = false;
    keepOne("receipt");
    keepOne("policy");
    one("check-now").addEventListener("click", check.run);
    globalThis.addEventListener("hashchange", readOwnAddress);
    await readOwnAddress();
  }

  start();
})((globalThis.onRecord = globalThis.onRecord || {}));
