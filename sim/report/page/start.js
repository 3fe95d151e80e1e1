// Start every part that the page has, and open what is folded before it is printed.

document.documentElement.classList.add("script");
if (data.measures.length) trajectories();
if (data.map) map();
if (data.ledgers) {
  const choose = ledger();
  if (data.trust) trust(choose);
}

let folded = [];
window.addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const details of folded) details.open = true;
});
window.addEventListener("afterprint", () => {
  for (const details of folded) details.open = false;
});
document.documentElement.dataset.ready = "yes";
