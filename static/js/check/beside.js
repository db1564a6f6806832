// Beside what the server says of a receipt: what this browser finds when it checks it itself.
// Where anything is missing the page stays as it was, and says nothing of a check.
(function (check) {
  "use strict";

  const place = document.getElementById("browser-check");
  // Whoever goes on to another page should not find a broken-off request in their browser's log.
  const leaving = new AbortController();
  addEventListener("pagehide", () => leaving.abort());

  async function bytesOf(address) {
    const answer = await fetch(address, {
      cache: "no-store",
      redirect: "error",
      signal: leaving.signal,
    });
    return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
  }

  // The page has the words, in the language of its reader.
  function words(verdict, isWitnessed) {
    const said = place.dataset;
    if (verdict.code !== check.PROVED) {
      return said.failed.replace("{summary}", () => check.printable(verdict.summary));
    }
    const proved = verdict.notAfter === null
      ? said.proved
      : said.until.replace("{moment}", () => check.inWords(verdict.notAfter, said.months.split(" ")));
    const found = proved.replace("{entry}", () => String(verdict.entryIndex));
    return isWitnessed ? found : `${found} ${said.later}`;
  }

  // A receipt is given at once, and witnesses sign the list a little later.
  async function judge(receipt) {
    for (const address of ["/receipts/policy", "/receipts/policy?witnesses=none"]) {
      const policy = await bytesOf(address);
      if (policy === null) {
        return null;
      }
      const verdict = await check.judge(receipt, policy);
      if (verdict.code === check.PROVED || address.includes("?")) {
        return words(verdict, !address.includes("?"));
      }
    }
    return null;
  }

  async function compare() {
    if (!(await check.isAble())) {
      return;
    }
    const receipt = await bytesOf("/start/receipt");
    const said = receipt === null ? null : await judge(receipt);
    if (said === null) {
      return;
    }
    document.getElementById("browser-check-said").textContent = said;
    place.hidden = false;
  }

  // A connection that fails is no verdict, and nothing that the person could do anything about.
  addEventListener("load", () => compare().catch((error) => {
    if (!(error instanceof TypeError) && error.name !== "AbortError") {
      throw error;
    }
  }));
})(globalThis.onRecord);
