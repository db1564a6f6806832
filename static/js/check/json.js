// A strict JSON reader. JSON.parse keeps the last of two equal keys and rounds large numbers, so a
// file could say one thing to a person and another to it. Objects are read as Map.
(function (check) {
  "use strict";

  const MAX_NESTING = 100;
  const MAX_DEPTH = 16;
  const DAMAGED = "The receipt is not JSON in UTF-8. It may be damaged or cut short.";
  const NUMBER = /-?(?:0|[1-9][0-9]*)((?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)/y;
  const BLANK = /[ \t\n\r]*/y;
  const PLAIN = /[^"\\\x00-\x1f]*/y;
  const HEX = /[0-9a-fA-F]{4}/y;
  const WORDS = new Map([["null", null], ["true", true], ["false", false]]);
  const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

  const damaged = () => new check.Unreadable(DAMAGED);
  const malformed = (why) => new check.NotProved(`Malformed receipt: ${why}`);

  class Reader {
    constructor(text) {
      this.text = text;
      this.place = 0;
    }

    // What the pattern finds here, or undefined.
    match(pattern) {
      pattern.lastIndex = this.place;
      const found = pattern.exec(this.text);
      if (found) {
        this.place = pattern.lastIndex;
      }
      return found || undefined;
    }

    skip(mark) {
      if (this.text.startsWith(mark, this.place)) {
        this.place += mark.length;
        return true;
      }
      return false;
    }

    need(mark) {
      if (!this.skip(mark)) {
        throw damaged();
      }
    }

    whole() {
      this.match(BLANK);
      const value = this.value();
      this.match(BLANK);
      if (this.place < this.text.length) {
        throw damaged();
      }
      return value;
    }

    value() {
      if (this.skip('"')) {
        return this.string();
      }
      if (this.skip("{")) {
        return this.object();
      }
      if (this.skip("[")) {
        return this.list();
      }
      for (const [word, value] of WORDS) {
        if (this.skip(word)) {
          return value;
        }
      }
      return this.number();
    }

    number() {
      const found = this.match(NUMBER);
      const isNone = !found && ["NaN", "Infinity", "-Infinity"].some((word) => this.skip(word));
      if (!found && !isNone) {
        throw damaged();
      }
      if (isNone || found[1] !== "") {
        throw malformed("a number in it is not a whole number.");
      }
      if (found[0].length > 17 || Math.abs(Number(found[0])) > Number.MAX_SAFE_INTEGER) {
        throw malformed("a number in it is too large.");
      }
      return Number(found[0]) + 0;
    }

    string() {
      let text = "";
      for (;;) {
        text += this.match(PLAIN)[0];
        if (this.skip('"')) {
          return text;
        }
        this.need("\\");
        const mark = this.text[this.place];
        this.place += 1;
        if (mark === "u") {
          const digits = this.match(HEX);
          if (!digits) {
            throw damaged();
          }
          text += String.fromCharCode(parseInt(digits[0], 16));
        } else if (mark !== undefined && Object.hasOwn(ESCAPES, mark)) {
          text += ESCAPES[mark];
        } else {
          throw damaged();
        }
      }
    }

    list() {
      const items = [];
      this.match(BLANK);
      if (this.skip("]")) {
        return items;
      }
      do {
        this.match(BLANK);
        items.push(this.value());
        this.match(BLANK);
      } while (this.skip(","));
      this.need("]");
      return items;
    }

    object() {
      const found = new Map();
      let pairs = 0;
      this.match(BLANK);
      if (this.skip("}")) {
        return found;
      }
      do {
        this.match(BLANK);
        this.need('"');
        const key = this.string();
        this.match(BLANK);
        this.need(":");
        this.match(BLANK);
        found.set(key, this.value());
        pairs += 1;
        this.match(BLANK);
      } while (this.skip(","));
      this.need("}");
      if (pairs !== found.size) {
        throw malformed("something in it is given twice.");
      }
      return found;
    }
  }

  function checkNesting(text) {
    let depth = 0;
    for (const [found] of text.matchAll(/"[^"\\]*(?:\\[\s\S][^"\\]*)*"?|[[\]{}]/g)) {
      if (found === "[" || found === "{") {
        depth += 1;
      } else if (found === "]" || found === "}") {
        depth -= 1;
      }
      if (depth > MAX_NESTING) {
        throw new check.Unreadable("The receipt is nested more deeply than a receipt can be.");
      }
    }
  }

  check.readJson = function (bytes) {
    const text = check.fromUtf8(bytes);
    if (text === undefined) {
      throw damaged();
    }
    checkNesting(text);
    return new Reader(text).whole();
  };

  check.wholeText = function (text) {
    if (/[\ud800-\udfff]/u.test(text)) {
      throw new check.NotProved("Malformed field: its text holds half of a character.");
    }
    return text;
  };

  function write(value, depth) {
    if (depth < 0) {
      throw new check.NotProved("Malformed field: it is nested too deeply.");
    }
    if (typeof value === "string") {
      return JSON.stringify(check.wholeText(value));
    }
    if (Array.isArray(value)) {
      return "[" + value.map((item) => write(item, depth - 1)).join() + "]";
    }
    if (value instanceof Map) {
      // JavaScript sorts text by UTF-16 code units, as RFC 8785 asks.
      const keys = [...value.keys()].map(check.wholeText).sort();
      const parts = keys.map((key) => JSON.stringify(key) + ":" + write(value.get(key), depth - 1));
      return "{" + parts.join() + "}";
    }
    return String(value);
  }

  // RFC 8785 bytes of a JSON value without fractions.
  check.canonical = (value) => check.toUtf8(write(value, MAX_DEPTH));
})((globalThis.onRecord = globalThis.onRecord || {}));
