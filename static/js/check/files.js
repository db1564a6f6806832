// What a chosen file is, before anything in it is believed.
(function (check) {
  "use strict";

  const { Unreadable } = check;
  const [RETURN, NEWLINE] = [0x0d, 0x0a];
  const BYTE_ORDER_MARK = Uint8Array.of(0xef, 0xbb, 0xbf);
  // What is often chosen by mistake, by how it begins; and what should have been chosen.
  const OTHER_KINDS = new Map([
    ["%PDF", "a PDF"],
    ["\x89PNG", "a picture"],
    ["\xff\xd8", "a picture"],
    ["PK\x03\x04", "a zip or Word file"],
    ["{\\rtf", "a Word file"],
    ["\xff\xfe", "in UTF-16"],
    ["<", "a web page"],
  ]);
  const NEEDED = {
    receipt:
      "A receipt file is plain text in UTF-8. If you have only the sheet, check the" +
      " address in its square code instead.",
    policy: "A policy file is plain text in UTF-8.",
  };

  // From the first character that is not blank, each byte as one character.
  check.startOf = (bytes) => check.toLatin(bytes).replace(/^[ \t\r\n]+/, "");

  // Without the byte order mark and the line ends that programs on Windows put into a file. They
  // are no part of what is signed: that stands inside a JSON text, where line ends are escaped.
  check.plain = function (bytes, what) {
    if (bytes.length > check.MAX_BYTES) {
      throw new Unreadable(`The ${what} file is larger than 1 MB. It should be much smaller.`);
    }
    const isMarked = check.isSame(bytes.slice(0, 3), BYTE_ORDER_MARK);
    const whole = bytes
      .slice(isMarked ? 3 : 0)
      .filter((byte, place, all) => byte !== RETURN || all[place + 1] !== NEWLINE);
    const start = check.startOf(whole);
    if (start === "") {
      throw new Unreadable(`The ${what} file is empty.`);
    }
    for (const [mark, kind] of OTHER_KINDS) {
      if (start.startsWith(mark)) {
        throw new Unreadable(`The ${what} file is ${kind}. ${NEEDED[what]}`);
      }
    }
    return whole;
  };

  // The first word that is not in a comment.
  function firstWord(bytes) {
    for (const line of check.toLatin(bytes).split("\n")) {
      const [word] = line.replace(/^[ \t]+/, "").split(/[ \t]/, 1);
      if (word !== "" && !word.startsWith("#")) {
        return word;
      }
    }
    return "";
  }

  // A receipt file, or a file with the address of a square code.
  check.readReceipt = function (bytes) {
    const text = check.plain(bytes, "receipt");
    if (/^https?:\/\//.test(check.startOf(text))) {
      return check.readAddress(check.toLatin(text));
    }
    if (check.isPolicyWord(firstWord(text))) {
      throw new Unreadable("You chose a policy file as the receipt.");
    }
    return check.readJson(text);
  };
})((globalThis.onRecord = globalThis.onRecord || {}));
