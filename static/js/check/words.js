// How times and values are written out for a person, as portal/ledger/verify.py does.
(function (check) {
  "use strict";

  const LAST = BigInt("253402300799");
  const MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
  ];
  const two = (number) => String(number).padStart(2, "0");

  // A time in UTC, or plain seconds where no calendar goes so far.
  check.inWords = function (stamp, months = MONTHS) {
    if (stamp > LAST) {
      return `${stamp} seconds after the start of 1970`;
    }
    const at = new Date(Number(stamp) * 1000);
    const day = `${two(at.getUTCDate())} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
    const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(":");
    return `${day}, ${time} UTC`;
  };

  // The text with every character spelt out that could hide, move or reorder what is shown.
  check.printable = (text) =>
    text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => {
      const number = char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
      return `<U+${number}>`;
    });

  // A field's value in lines for a person. Line breaks in a text become lines.
  check.valueLines = function (value) {
    if (value === null) {
      return ["(nothing)"];
    }
    if (typeof value === "boolean") {
      return [value ? "yes" : "no"];
    }
    if (Array.isArray(value)) {
      const lines = value.flatMap((item) => check.valueLines(item).map((line) => "- " + line));
      return lines.length ? lines : ["(empty list)"];
    }
    if (value instanceof Map) {
      const lines = [...value].flatMap(([key, part]) =>
        check.valueLines(part).map((line) => check.printable(key) + ": " + line)
      );
      return lines.length ? lines : ["{}"];
    }
    return String(value).split("\n").map(check.printable);
  };
})((globalThis.onRecord = globalThis.onRecord || {}));
