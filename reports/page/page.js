"use strict";
// The page works without this: it unfolds what a link points into, all at a
// button, and everything for print, and hides claims by verdict and by words.
(() => {
  const all = () => Array.from(document.querySelectorAll("details"));
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let e = target; e; e = e.parentElement) e.hidden = false;
    for (let e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();
  const buttons = document.querySelector(".buttons");
  buttons.hidden = false;
  buttons.addEventListener("click", (event) => {
    const unfold = event.target.dataset.unfold;
    if (unfold) for (const d of all()) d.open = unfold === "true";
  });
  const claims = Array.from(document.querySelectorAll("details.claim"));
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const letters = {alpha: "α", beta: "β", gamma: "γ", eps: "ε", lambda: "λ", mu: "μ", pi: "π", rho: "ρ", chi: "χ"};
  const greek = (word) => word.replace(/alpha|beta|gamma|eps|lambda|mu|pi|rho|chi/g, (name) => letters[name]);
  const filter = () => {
    const off = Array.from(document.querySelectorAll("button[aria-pressed=false]"), (b) => b.dataset.verdict);
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let n = 0;
    for (const c of claims) {
      const text = c.textContent.toLowerCase();
      c.hidden = off.includes(c.dataset.verdict) || !words.every((w) => text.includes(w) || text.includes(greek(w)));
      if (!c.hidden) n++;
    }
    for (const g of document.querySelectorAll(".group")) g.hidden = !g.querySelector("details.claim:not([hidden])");
    shown.textContent = n < claims.length ? n + " of " + claims.length + " claims" : "";
  };
  search.addEventListener("input", filter);
  buttons.addEventListener("click", (event) => {
    const b = event.target.closest("button[data-verdict]");
    if (!b) return;
    b.setAttribute("aria-pressed", b.getAttribute("aria-pressed") === "true" ? "false" : "true");
    filter();
  });
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all().filter((d) => !d.open);
    for (const d of folded) d.open = true;
  });
  addEventListener("afterprint", () => { for (const d of folded) d.open = false; });
})();
