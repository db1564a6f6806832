// The page's half of portal/ledger/verify.py: the same steps, the same refusals, the same words.
// These files are plain scripts that run in the order in which they are named in
// portal/web/report/check.py, so that they can be joined into one page that works from disk.
(function (check) {
  "use strict";

  // The file is not a receipt or a policy at all.
  check.Unreadable = class Unreadable extends Error {};
  // The file is a receipt, but something in it does not hold.
  check.NotProved = class NotProved extends Error {};

  check.MAX_BYTES = 1000000;

  check.toUtf8 = (text) => new TextEncoder().encode(text);

  // Undefined where the bytes are not UTF-8.
  check.fromUtf8 = function (bytes) {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (error) {
      if (error instanceof TypeError) {
        return undefined;
      }
      throw error;
    }
  };

  // Each byte as one character.
  check.toLatin = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

  check.join = function (parts) {
    const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let place = 0;
    for (const part of parts) {
      joined.set(part, place);
      place += part.length;
    }
    return joined;
  };

  check.toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

  check.isSame = (one, two) => check.toHex(one) === check.toHex(two);

  // The highest byte first.
  check.toNumber = (bytes) => (bytes.length ? BigInt("0x" + check.toHex(bytes)) : BigInt(0));

  check.toBase64 = (bytes) => btoa(check.toLatin(bytes));

  const QUADS = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

  check.fromBase64 = function (text, what, length) {
    if (typeof text !== "string" || !QUADS.test(text)) {
      throw new check.NotProved(`Malformed ${what}: its base64 is broken.`);
    }
    const raw = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    if (check.toBase64(raw) !== text) {
      throw new check.NotProved(
        `Malformed ${what}: its base64 is not written in the one right way.`
      );
    }
    if (length !== undefined && raw.length !== length) {
      throw new check.NotProved(`Malformed ${what}: it is not ${length} bytes long.`);
    }
    return raw;
  };

  const MOST = BigInt(2) ** BigInt(63);

  check.toWhole = function (text, what) {
    if (!/^(?:0|[1-9][0-9]{0,18})$/.test(text) || BigInt(text) >= MOST) {
      throw new check.NotProved(
        `Malformed ${what}: it is not written as a whole number must be.`
      );
    }
    return BigInt(text);
  };

  check.hash = async (kind, ...parts) =>
    new Uint8Array(await crypto.subtle.digest(kind, check.join(parts)));

  check.sha256 = (...parts) => check.hash("SHA-256", ...parts);

  check.hmac = async function (key, message) {
    const how = { name: "HMAC", hash: "SHA-256" };
    const made = await crypto.subtle.importKey("raw", key, how, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign("HMAC", made, message));
  };

  // One space, line break or other blank, as Python's str.isspace has it.
  const BLANK =
    /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

  check.isKeyName = (name) => name !== "" && !name.includes("+") && !BLANK.test(name);

  // Text before the mark, and after it; the whole and "" where there is none.
  check.cut = function (text, mark) {
    const place = text.indexOf(mark);
    return place < 0 ? [text, ""] : [text.slice(0, place), text.slice(place + mark.length)];
  };
})((globalThis.onRecord = globalThis.onRecord || {}));
