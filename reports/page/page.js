"use strict";
// The page works without this: it unfolds what a link points into, all at a
// button, and everything for print.
(() => {
  const all = () => Array.from(document.querySelectorAll("details"));
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
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
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all().filter((d) => !d.open);
    for (const d of folded) d.open = true;
  });
  addEventListener("afterprint", () => { for (const d of folded) d.open = false; });
})();
