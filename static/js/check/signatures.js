// Whose signatures a checkpoint bears under a policy, and what times they prove.
(function (check) {
  "use strict";

  const { NotProved } = check;
  const MOST = BigInt(2) ** BigInt(63);

  const isBy = (head, key) => head.note.signatures.has(key.line);
  const keysOf = (head, policy) =>
    policy.logs.filter((key) => key.name === head.origin && isBy(head, key));

  const isSigned = (head, key, text) =>
    check.checkEd25519(key.key, head.note.signatures.get(key.line), check.toUtf8(text));

  async function logSignaturesFit(head, policy, text) {
    for (const key of keysOf(head, policy)) {
      if (!(await isSigned(head, key, text))) {
        return false;
      }
    }
    return true;
  }

  check.checkWitnesses = async function (head, policy) {
    const times = new Map();
    const wrong = [];
    for (const [name, key] of policy.witnesses) {
      if (isBy(head, key)) {
        const value = head.note.signatures.get(key.line);
        const stamp = check.toNumber(value.slice(0, 8));
        const message = check.toUtf8(`cosignature/v1\ntime ${stamp}\n${head.note.text}`);
        const isWhole = value.length === 72 && stamp < MOST;
        if (isWhole && (await check.checkEd25519(key.key, value.slice(8), message))) {
          times.set(name, stamp);
        } else {
          wrong.push(name);
        }
      }
    }
    return { times, wrong };
  };

  const byTime = (one, two) => (one < two ? -1 : Number(one > two));

  // The earliest time by which the quorum had cosigned, or the latest since which it cosigned.
  check.quorumTime = function (policy, times, latest = false) {
    const reached = new Map(times);
    for (const [name, { needed, members }] of policy.groups) {
      const stamps = members.filter((one) => reached.has(one)).map((one) => reached.get(one));
      stamps.sort(latest ? (one, two) => byTime(two, one) : byTime);
      if (stamps.length >= needed) {
        reached.set(name, stamps[needed - 1]);
      }
    }
    return reached.get(policy.quorum);
  };

  // Only then does a line that does not fit spoil anything: one bad witness must not be able to.
  check.lacksQuorum = (policy, times) =>
    policy.quorum !== "none" && check.quorumTime(policy, times) === undefined;

  async function unknownSigner(head, policy) {
    const rest = head.note.text.split("\n").slice(1);
    for (const key of policy.logs) {
      if (isBy(head, key) && (await isSigned(head, key, [key.name, ...rest].join("\n")))) {
        return `The name of the log was changed. The signature fits the name ${key.name}.`;
      }
    }
    if (!policy.logs.some((key) => key.name === head.origin)) {
      return "Signer not in policy: your policy has no key for this log.";
    }
    return "Signer not in policy: no key of your policy signed this.";
  }

  async function wrongSignature(head, policy) {
    const wrong = "Signature wrong: the log's signature does not fit the checkpoint.";
    for (const name of (await check.checkWitnesses(head, policy)).times.keys()) {
      return `${wrong} Witness ${name} cosigned this very state, so the signature was changed.`;
    }
    return (
      `${wrong} The fields do lead to its root, so its size, another line or the signature was` +
      " changed, or somebody else made it."
    );
  }

  // Where the fault must lie, given that the checkpoint is genuine.
  async function whatWasChanged(leaf, proof, fault) {
    const other = await check.findOtherNumber(leaf, proof);
    if (other !== undefined) {
      return `The entry number was changed. Everything fits entry number ${other} instead.`;
    }
    const genuine = `${fault} The log's signature fits, so the checkpoint is genuine: `;
    if (fault === check.NOT_THE_ENTRY) {
      const parts = "a field, a field key, a hidden field, a hash of the proof or the entry number";
      return `${genuine}${parts} was changed.`;
    }
    if (fault === check.WRONG_COUNT) {
      return genuine + "a hash was left out or added, or the entry number was changed.";
    }
    return genuine + "the entry number was changed.";
  }

  async function rootWasChanged(leaf, proof, policy) {
    const found = await check.rootFrom(leaf, proof.index, proof);
    const lines = proof.head.note.text.split("\n");
    lines[2] = check.toBase64(found);
    return logSignaturesFit(proof.head, policy, lines.join("\n"));
  }

  check.checkSigned = async function (leaf, proof, policy) {
    const { head } = proof;
    const fault = await check.findFault(leaf, proof);
    const [key] = keysOf(head, policy);
    if (key === undefined) {
      const unknown = await unknownSigner(head, policy);
      throw new NotProved(fault ? `${fault} ${unknown}` : unknown);
    }
    if (await logSignaturesFit(head, policy, head.note.text)) {
      if (fault) {
        throw new NotProved(await whatWasChanged(leaf, proof, fault));
      }
      return key;
    }
    if (!fault) {
      throw new NotProved(await wrongSignature(head, policy));
    }
    if (fault === check.NOT_THE_ENTRY && (await rootWasChanged(leaf, proof, policy))) {
      throw new NotProved(
        "The root in the checkpoint was changed. The log's signature fits the root that the" +
          " fields lead to."
      );
    }
    throw new NotProved(
      `${fault} Signature wrong: the log's signature does not fit the checkpoint either. The` +
        " size of the log was changed, or more than one part, or somebody made it up."
    );
  };

  // The checkpoint that a field `after` holds.
  check.readAfter = function (value, proof) {
    if (!check.isLines(value)) {
      throw new NotProved("Malformed field after: it is not plain lines of text.");
    }
    let head;
    try {
      head = check.parseHead(value);
    } catch (error) {
      if (error instanceof NotProved) {
        throw new NotProved(
          `Malformed field after: it is not a signed checkpoint. ${error.message}`
        );
      }
      throw error;
    }
    if (head.origin === proof.head.origin && head.size > proof.index) {
      throw new NotProved(
        "The field after holds a state of the log that is later than the entry."
      );
    }
    return head;
  };

  // The time before which the entry cannot have been written, or a text: why none can be told.
  check.lowerBound = async function (fields, proof, policy) {
    const shown = fields.find((field) => field.name === "after");
    if (shown === undefined) {
      return "The receipt does not show the field after, which could tell.";
    }
    if (shown.value === null) {
      return "The field after is empty: the log says that no witness had signed it yet.";
    }
    const head = check.readAfter(shown.value, proof);
    if (!keysOf(head, policy).length) {
      return "Your policy has no key that signed the checkpoint in the field after.";
    }
    const { times, wrong } = await check.checkWitnesses(head, policy);
    const isSpoilt = wrong.length && check.lacksQuorum(policy, times);
    if (isSpoilt || !(await logSignaturesFit(head, policy, head.note.text))) {
      const whose = isSpoilt ? `the cosignature of witness ${wrong[0]}` : "the log's signature";
      throw new NotProved(`Signature wrong: in the field after, ${whose} does not fit.`);
    }
    const found = check.quorumTime(policy, times, true);
    if (found === undefined) {
      return "Too few witnesses of your policy cosigned the checkpoint in the field after.";
    }
    return found;
  };
})((globalThis.onRecord = globalThis.onRecord || {}));
