// Only on the served page: fetch this site's own policy, and only when somebody asks for it.
(function (check) {
  "use strict";

  const button = document.getElementById("own-policy");
  const said = document.getElementById("own-policy-said");

  const forget = () => { said.textContent = ""; };
  document.getElementById("policy-file").addEventListener("change", forget);
  document.getElementById("policy-text").addEventListener("input", forget);

  button.addEventListener("click", async () => {
    try {
      const options = { cache: "no-store", credentials: "omit", redirect: "error" };
      const answer = await fetch("/receipts/policy", options);
      if (!answer.ok) {
        throw new TypeError("no policy");
      }
      check.paste("policy", await answer.text(), "this site\u2019s own policy");
      said.textContent = "The policy of this site is in the box below. It trusts this site.";
      await check.run();
    } catch (error) {
      if (!(error instanceof TypeError)) {
        throw error;
      }
      said.textContent =
        "The policy could not be fetched. What you chose is still here. Try again, or choose a file.";
    }
  });
})(globalThis.onRecord);
