// The verdict: what a receipt proves and what not, in the words of portal/ledger/verify.py.
(function (check) {
  "use strict";

  const { NotProved, Unreadable } = check;
  check.FORMAT = "on-record-receipt/v1";
  check.PROVED = 0;
  check.NOT_PROVED = 1;
  check.UNREADABLE = 2;
  check.SIGNER_UNKNOWN = 3;
  const PARTS = ["fields", "format", "hidden", "proof"].join();

  const NOT_SAID = [
    "Who wrote it.",
    "That what it says is true.",
    "That anyone read it or acted on it.",
  ];
  const NO_TIME = "When it was written. No time is claimed, because the policy asks for no witness.";
  const NO_TIME_UNSIGNED = "When it was written. Without a policy no time is claimed.";
  const NO_TIME_CLOCKS = "When it was written. The witnesses' clocks contradict each other.";
  const ONE_VIEW = "That everyone is shown the same log. Only witnesses can vouch for that.";
  const UNSIGNED =
    "That such a log exists: no policy was given, so no signature was checked.";

  const empty = (code, summary) => ({
    code,
    summary,
    proved: [],
    notProved: [],
    fields: [],
    hidden: 0,
    origin: null,
    entryIndex: null,
    size: null,
    notBefore: null,
    notAfter: null,
  });

  check.judge = (receipt, policy) => judged(() => check.readReceipt(receipt), policy);

  check.judgeAddress = (address, policy) => judged(() => check.readAddress(address), policy);

  async function judged(read, policy) {
    try {
      const trusted = policy === null ? null : await check.parsePolicy(policy);
      const found = read();
      if (!(found instanceof Map) || found.get("format") !== check.FORMAT) {
        throw new Unreadable("This is not an On Record receipt of a version known here.");
      }
      return await judgeReceipt(found, trusted);
    } catch (error) {
      if (error instanceof Unreadable) {
        return empty(check.UNREADABLE, `Cannot be read. ${error.message}`);
      }
      if (error instanceof NotProved) {
        return empty(check.NOT_PROVED, `Not proved. ${error.message}`);
      }
      throw error;
    }
  }

  async function judgeReceipt(receipt, policy) {
    if ([...receipt.keys()].sort().join() !== PARTS) {
      throw new NotProved(
        "Malformed receipt: it lacks a part, or has one that proves nothing."
      );
    }
    const fields = check.readFields(receipt);
    const leaf = await check.leafFrom(fields, receipt.get("hidden"));
    const proof = check.parseProof(receipt.get("proof"));
    const { index, head } = proof;
    const where =
      `entry number ${index} (counted from 0) of the log ${head.origin}` +
      ` when it held ${head.size} entries`;
    const verdict = {
      ...empty(check.SIGNER_UNKNOWN, "Consistent, signer unknown."),
      proved: [`If it is genuine, an entry with the fields below is ${where}.`],
      notProved: [UNSIGNED, ...NOT_SAID, NO_TIME_UNSIGNED],
      fields: fields.map(({ name, value }) => [name, value]),
      hidden: receipt.get("hidden").length,
      origin: head.origin,
      entryIndex: index,
      size: head.size,
    };
    if (policy !== null) {
      const key = await check.checkSigned(leaf, proof, policy);
      return withPolicy(verdict, fields, proof, policy, key, where);
    }
    const fault = await check.findFault(leaf, proof);
    if (fault) {
      throw new NotProved(`${fault} A part of it was changed since it was made.`);
    }
    for (const { name, value } of fields) {
      if (name === "after" && value !== null) {
        check.readAfter(value, proof);
      }
    }
    return verdict;
  }

  async function withPolicy(verdict, fields, proof, policy, key, where) {
    const { times, wrong } = await check.checkWitnesses(proof.head, policy);
    if (wrong.length && check.lacksQuorum(policy, times)) {
      throw new NotProved(
        `Signature wrong: the cosignature of witness ${wrong[0]} does not fit. The log's own` +
          " does, so the cosignature or its time was changed."
      );
    }
    if (check.lacksQuorum(policy, times)) {
      throw new NotProved(
        "Quorum not met: too few witnesses of your policy cosigned this. If the receipt is new,"
          + " get it again later: witnesses sign the log at fixed times."
      );
    }
    const notBefore = await check.lowerBound(fields, proof, policy);
    const proved = [
      `An entry with the fields below is ${where}.`,
      `The key ${key.name}+${check.toHex(key.keyId)} of your policy signed that state of the log.`,
    ];
    for (const [name, stamp] of times) {
      proved.push(
        `Witness ${name} of your policy says it saw that state at ${check.inWords(stamp)}.`
      );
    }
    const found = { ...verdict, code: check.PROVED, summary: "Proved.", proved };
    const timed = withTimes(found, notBefore, check.quorumTime(policy, times));
    const absent = wrong.map((name) => `That witness ${name} saw it: its cosignature does not fit.`);
    return { ...timed, notProved: [...timed.notProved, ...absent] };
  }

  // For `notBefore`, a text says why there is none.
  function withTimes(verdict, notBefore, notAfter) {
    if (notAfter === undefined) {
      return { ...verdict, notProved: [...NOT_SAID, NO_TIME, ONE_VIEW] };
    }
    if (typeof notBefore === "bigint" && notBefore > notAfter) {
      return { ...verdict, notProved: [...NOT_SAID, NO_TIME_CLOCKS] };
    }
    const proved = [
      ...verdict.proved,
      `By the witnesses' clocks, it was in the log not after ${check.inWords(notAfter)}.`,
    ];
    if (typeof notBefore === "string") {
      const notProved = [...NOT_SAID, `How long before that time it was written. ${notBefore}`];
      return { ...verdict, proved, notProved, notAfter };
    }
    proved.push(
      `By the witnesses' clocks, it was written not before ${check.inWords(notBefore)}. It holds` +
        " signatures of theirs that nobody could know earlier."
    );
    const notProved = [...NOT_SAID, "When between these two times it was written."];
    return { ...verdict, proved, notProved, notBefore, notAfter };
  }
})((globalThis.onRecord = globalThis.onRecord || {}));
