// The receipt in the digits of a QR code's address (docs/log-format.md, section 11).
(function (check) {
  "use strict";

  const WIDTHS = new Map([[13, 5], [10, 4], [8, 3], [5, 2], [3, 1]]);

  const broken = () =>
    new check.Unreadable("The address does not hold a whole receipt of a version known here.");

  function fromDigits(digits) {
    if (digits.length > check.MAX_BYTES || !/^[0-9]+$/.test(digits)) {
      throw broken();
    }
    const groups = digits.match(/[0-9]{1,13}/g).map((group) => {
      const width = WIDTHS.get(group.length);
      if (width === undefined || Number(group) >= 256 ** width) {
        throw broken();
      }
      const hex = Number(group).toString(16).padStart(2 * width, "0");
      return hex.match(/../g).map((byte) => parseInt(byte, 16));
    });
    return Uint8Array.from(groups.flat());
  }

  class Reader {
    constructor(bytes) {
      this.bytes = bytes;
      this.place = 0;
    }

    take(count) {
      const taken = this.bytes.slice(this.place, this.place + count);
      if (taken.length < count) {
        throw broken();
      }
      this.place += count;
      return taken;
    }

    large(width) {
      return check.toNumber(this.take(width));
    }

    number(width) {
      return Number(this.large(width));
    }

    text(count) {
      const found = check.fromUtf8(this.take(count));
      if (found === undefined) {
        throw broken();
      }
      return found;
    }

    base64() {
      return check.toBase64(this.take(32));
    }

    times(count, step) {
      return Array.from({ length: count }, step);
    }
  }

  function readField(raw) {
    const name = raw.text(raw.number(1));
    const written = raw.take(raw.number(2));
    const value = check.readJson(written);
    if (!check.isSame(check.canonical(value), written)) {
      throw broken();
    }
    return new Map([["name", name], ["value", value], ["key", raw.base64()]]);
  }

  check.readAddress = function (address) {
    const typed = address.replace(/^[ \t\r\n]+/, "").replace(/[ \t\r\n]+$/, "");
    const mark = typed.lastIndexOf("#");
    const digits = typed.slice(mark + 1);
    if (digits === "" || (mark < 0 && /^https?:\/\//.test(digits))) {
      throw new check.Unreadable(
        "The address lacks the digits after the #. Copy the whole of what the square code holds."
      );
    }
    const raw = new Reader(fromDigits(digits));
    if (raw.number(1) !== 1) {
      throw broken();
    }
    const fields = raw.times(raw.number(1), () => readField(raw));
    const hidden = raw.times(raw.number(2), () => raw.take(32));
    const lines = ["c2sp.org/tlog-proof@v1", `index ${raw.large(8)}`];
    lines.push(...raw.times(raw.number(1), () => raw.base64()));
    const checkpoint = raw.text(raw.number(2));
    const hex = hidden.map(check.toHex);
    if (raw.place !== raw.bytes.length || hex.join() !== [...hex].sort().join()) {
      throw broken();
    }
    return new Map([
      ["format", check.FORMAT],
      ["fields", fields],
      ["hidden", hidden.map(check.toBase64)],
      ["proof", [...lines, "", checkpoint].join("\n")],
    ]);
  };
})((globalThis.onRecord = globalThis.onRecord || {}));
