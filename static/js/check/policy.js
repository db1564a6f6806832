// The policy file (C2SP tlog-policy): whom the reader trusts.
(function (check) {
  "use strict";

  const { NotProved, Unreadable } = check;
  const ED25519 = 1;
  const COSIGNATURE_V1 = 4;
  const NEWLINE = 0x0a;

  const refuse = (why) => {
    throw new Unreadable(`the line ${why}.`);
  };

  // Text in which every byte that is not UTF-8 stands as half a character, as Python has it.
  function escaped(bytes) {
    const whole = check.fromUtf8(bytes);
    if (whole !== undefined) {
      return whole;
    }
    let text = "";
    for (let place = 0; place < bytes.length; ) {
      const found = [1, 2, 3, 4]
        .map((width) => [width, check.fromUtf8(bytes.slice(place, place + width))])
        .find(([, char]) => char !== undefined);
      text += found ? found[1] : String.fromCharCode(0xdc00 + bytes[place]);
      place += found ? Math.min(found[0], bytes.length - place) : 1;
    }
    return text;
  }

  function linesOf(bytes) {
    const lines = [];
    let start = 0;
    for (let place = bytes.indexOf(NEWLINE); place >= 0; place = bytes.indexOf(NEWLINE, start)) {
      lines.push(bytes.slice(start, place));
      start = place + 1;
    }
    return [...lines, bytes.slice(start)];
  }

  async function parseVkey(vkey, kind) {
    const [name, rest] = check.cut(vkey, "+");
    const [number, encoded] = check.cut(rest, "+");
    if (!/^[^+]*\+[^+]*\+/.test(vkey) || !check.isKeyName(name)) {
      throw new Unreadable("the key is not of the form name+number+key.");
    }
    const raw = check.fromBase64(encoded, "key");
    if (/[\ud800-\udfff]/u.test(name)) {
      throw new Unreadable("the name of the key is not UTF-8.");
    }
    const keyId = (await check.sha256(check.toUtf8(name + "\n"), raw)).slice(0, 4);
    if (number !== check.toHex(keyId)) {
      throw new Unreadable("the number of the key does not fit its name and key.");
    }
    if (raw[0] !== kind || !check.isPublicKey(raw.slice(1))) {
      throw new Unreadable(`the key is not a safe Ed25519 key of the right type (${kind}).`);
    }
    return { name, key: raw.slice(1), keyId, line: check.signatureName(name, keyId) };
  }

  function checkNewKey(known, made) {
    if ([...known].some((one) => check.isSame(one.key, made.key))) {
      refuse("gives a key that an earlier line gave");
    }
  }

  const isDefined = (policy, name) => policy.witnesses.has(name) || policy.groups.has(name);

  function checkNewName(policy, name) {
    if (name === "none" || isDefined(policy, name)) {
      refuse("defines a name that is taken");
    }
  }

  const READERS = {
    async log(policy, words) {
      if (words.length !== 1 && words.length !== 2) {
        refuse("has too many or too few words");
      }
      const made = await parseVkey(words[0], ED25519);
      checkNewKey(policy.logs, made);
      policy.logs.push(made);
    },

    async witness(policy, words) {
      if (words.length !== 2 && words.length !== 3) {
        refuse("has too many or too few words");
      }
      checkNewName(policy, words[0]);
      const made = await parseVkey(words[1], COSIGNATURE_V1);
      checkNewKey(policy.witnesses.values(), made);
      policy.witnesses.set(words[0], made);
    },

    group(policy, words, used) {
      if (words.length < 3) {
        refuse("has too few words");
      }
      const [name, rule, ...members] = words;
      checkNewName(policy, name);
      for (const member of members) {
        if (used.has(member) || !isDefined(policy, member)) {
          refuse("names a member that is not defined above, or has a group already");
        }
        used.add(member);
      }
      let needed = { any: 1, all: members.length }[rule];
      if (/^[1-9][0-9]{0,8}$/.test(rule) && Number(rule) <= members.length) {
        needed = Number(rule);
      }
      if (typeof needed !== "number") {
        refuse("does not say how many members are needed");
      }
      policy.groups.set(name, { needed, members });
    },

    quorum(policy, words) {
      if (words.length !== 1 || policy.quorum !== "") {
        refuse("is not the one quorum line of one name");
      }
      if (words[0] !== "none" && !isDefined(policy, words[0])) {
        refuse("names a quorum that is not defined above");
      }
      policy.quorum = words[0];
    },
  };

  check.isPolicyWord = (word) => Object.hasOwn(READERS, word);

  async function readLine(policy, words, used) {
    if (!check.isPolicyWord(words[0])) {
      refuse("is not known here");
    }
    await READERS[words[0]](policy, words.slice(1), used);
  }

  const isControl = (byte) => (byte < 0x20 && byte !== 0x09 && byte !== NEWLINE) || byte === 0x7f;

  check.parsePolicy = async function (bytes) {
    const text = check.plain(bytes, "policy");
    if (check.startOf(text).startsWith("{")) {
      throw new Unreadable("You chose a receipt as the policy file. Perhaps the two are swapped.");
    }
    if (text.some(isControl)) {
      throw new Unreadable("Malformed policy: it holds control characters.");
    }
    if (text[text.length - 1] !== NEWLINE) {
      throw new Unreadable(
        "Malformed policy: its last line does not end. It may be cut short."
      );
    }
    const policy = { logs: [], witnesses: new Map(), groups: new Map(), quorum: "" };
    const used = new Set();
    for (const [number, line] of linesOf(text).entries()) {
      const words = escaped(line).split(/[ \t]+/).filter((word) => word !== "");
      if (words.length && !words[0].startsWith("#")) {
        try {
          await readLine(policy, words, used);
        } catch (error) {
          if (error instanceof NotProved || error instanceof Unreadable) {
            throw new Unreadable(`Malformed policy, line ${number + 1}: ${error.message}`);
          }
          throw error;
        }
      }
    }
    if (policy.quorum === "") {
      throw new Unreadable("Malformed policy: it has no quorum line.");
    }
    return policy;
  };
})((globalThis.onRecord = globalThis.onRecord || {}));
