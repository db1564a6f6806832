// The signed note, the proof, the fields and the leaf of a receipt.
(function (check) {
  "use strict";

  const { NotProved } = check;
  const ONE = BigInt(1);
  const NEARBY = BigInt(500);

  check.OUTSIDE = "The entry number lies outside the log that the proof is for.";
  check.WRONG_COUNT = "Malformed proof: it has the wrong number of hashes for its tree size.";
  check.NOT_THE_ENTRY = "The fields do not give the entry that the proof is for.";

  check.signatureName = (name, keyId) => name + " " + check.toHex(keyId);

  function parseNote(note) {
    const place = note.lastIndexOf("\n\n");
    const block = note.slice(place + 2);
    if (place < 0 || !block.endsWith("\n")) {
      throw new NotProved(
        "Malformed checkpoint: its text and signatures cannot be told apart."
      );
    }
    const signatures = new Map();
    const lines = block.slice(0, -1).split("\n");
    if (lines.length > 100) {
      throw new NotProved("Malformed checkpoint: it has more than 100 signatures.");
    }
    for (const line of lines) {
      const [name, base64] = check.cut(line.slice(2), " ");
      if (!line.startsWith("\u2014 ") || !check.isKeyName(name)) {
        throw new NotProved("Malformed signature line: it is not of the form it must have.");
      }
      const raw = check.fromBase64(base64, "signature line");
      if (raw.length < 5) {
        throw new NotProved("Malformed signature line: it is cut short.");
      }
      const known = check.signatureName(name, raw.slice(0, 4));
      if (signatures.has(known)) {
        throw new NotProved("Malformed checkpoint: it has two signatures by the same key.");
      }
      signatures.set(known, raw.slice(4));
    }
    return { text: note.slice(0, place) + "\n", signatures };
  }

  check.parseHead = function (checkpoint) {
    const note = parseNote(checkpoint);
    const body = note.text.slice(0, -1).split("\n");
    if (body.length < 3 || body.includes("")) {
      throw new NotProved("Malformed checkpoint: it does not have its three lines.");
    }
    const root = check.fromBase64(body[2], "checkpoint root", 32);
    return { note, origin: body[0], size: check.toWhole(body[1], "tree size"), root };
  };

  check.isLines = (text) =>
    typeof text === "string" && !/[\x00-\x09\x0b-\x1f\ud800-\udfff]/u.test(text);

  check.parseProof = function (proof) {
    if (!check.isLines(proof)) {
      throw new NotProved("Malformed proof: it is not plain lines of text.");
    }
    const [head, checkpoint] = check.cut(proof, "\n\n");
    const lines = head.split("\n");
    const isProof = lines[0] === "c2sp.org/tlog-proof@v1" && lines.length > 1;
    if (!isProof || !lines[1].startsWith("index ")) {
      throw new NotProved("Malformed proof: its first two lines are not those of a proof.");
    }
    const index = check.toWhole(lines[1].slice(6), "entry number");
    const hashes = lines.slice(2).map((line) => check.fromBase64(line, "proof", 32));
    return { index, hashes, head: check.parseHead(checkpoint) };
  };

  const FIELD = ["key", "name", "value"].join();

  check.readFields = function (receipt) {
    if (!Array.isArray(receipt.get("fields")) || !Array.isArray(receipt.get("hidden"))) {
      throw new NotProved("Malformed receipt: its fields are not a list.");
    }
    const fields = receipt.get("fields").map((field) => {
      if (!(field instanceof Map) || [...field.keys()].sort().join() !== FIELD) {
        throw new NotProved("Malformed field: it does not have a name, a value and a key only.");
      }
      const name = field.get("name");
      if (typeof name !== "string" || check.wholeText(name) === "") {
        throw new NotProved("Malformed field: it has no name.");
      }
      const key = check.fromBase64(field.get("key"), "field key", 32);
      return { name, value: field.get("value"), key };
    });
    if (new Set(fields.map((field) => field.name)).size !== fields.length) {
      throw new NotProved("Malformed receipt: two fields have the same name.");
    }
    return fields;
  };

  check.leafFrom = async function (fields, hidden) {
    const commitments = hidden.map((one) => check.fromBase64(one, "hidden field", 32));
    for (const { name, value, key } of fields) {
      commitments.push(await check.hmac(key, check.canonical([name, value])));
    }
    const sorted = commitments.map(check.toHex).sort();
    if (!sorted.length || new Set(sorted).size !== sorted.length) {
      throw new NotProved("Malformed receipt: it has no field, or one of them twice.");
    }
    commitments.sort((one, two) => (check.toHex(one) < check.toHex(two) ? -1 : 1));
    const leaf = await check.sha256(check.toUtf8("on-record/v1/entry\0"), ...commitments);
    return check.join([Uint8Array.of(1), leaf]);
  };

  const bits = (number) => (number ? number.toString(2) : "");

  // The root that the hashes lead to, undefined if their number does not fit. RFC 9162 2.1.3.2.
  check.rootFrom = async function (leaf, index, proof) {
    const inner = bits(index ^ (proof.head.size - ONE)).length;
    const above = bits(index >> BigInt(inner)).replaceAll("0", "").length;
    if (proof.hashes.length !== inner + above) {
      return undefined;
    }
    let result = await check.sha256(Uint8Array.of(0), leaf);
    for (const [level, other] of proof.hashes.entries()) {
      const onTheRight = level >= inner || ((index >> BigInt(level)) & ONE) === ONE;
      const pair = onTheRight ? [other, result] : [result, other];
      result = await check.sha256(Uint8Array.of(1), ...pair);
    }
    return result;
  };

  check.findFault = async function (leaf, proof) {
    if (proof.index >= proof.head.size) {
      return check.OUTSIDE;
    }
    const found = await check.rootFrom(leaf, proof.index, proof);
    if (found === undefined) {
      return check.WRONG_COUNT;
    }
    return check.isSame(found, proof.head.root) ? "" : check.NOT_THE_ENTRY;
  };

  check.findOtherNumber = async function (leaf, proof) {
    const { index, head } = proof;
    const last = index + NEARBY < head.size ? index + NEARBY : head.size;
    for (let number = index > NEARBY ? index - NEARBY : BigInt(0); number < last; number += ONE) {
      const found = await check.rootFrom(leaf, number, proof);
      if (found !== undefined && check.isSame(found, head.root)) {
        return number;
      }
    }
    return undefined;
  };
})((globalThis.onRecord = globalThis.onRecord || {}));
