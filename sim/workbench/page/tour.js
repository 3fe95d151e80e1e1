// A first look in four steps, which can be skipped.

import { byId } from "./dom.js";

const STEPS = /** @type {[string, string][]} */ ([
  ["h-events", "Here is what happens in the story. Switch an event off, or drag it to another month."],
  ["answer", "This says what your change did: your story beside the unchanged one, replicate by replicate, with the same luck."],
  ["difference", "The difference over time. Eight replicates are shown at once, and the others follow while you look."],
  ["show-file", "Every change is a file: this shows it, with the command that gives the same numbers. Undo takes back any move."],
]);
const KEY = "entente-workbench-tour";

export function makeTour() {
  const box = byId("tour"), text = byId("tour-text"), next = byId("tour-next");
  let step = 0, lit = /** @type {any} */ (null), before = /** @type {any} */ (null);

  function show() {
    lit?.classList.remove("lit");
    if (step >= STEPS.length) return end();
    const [id, words] = STEPS[step];
    lit = byId(id);
    lit.classList.add("lit");
    lit.scrollIntoView({ block: "center" });
    text.textContent = `${step + 1} of ${STEPS.length}: ${words}`;
    next.textContent = step === STEPS.length - 1 ? "Done" : "Next";
    return undefined;
  }

  function end() {
    lit?.classList.remove("lit");
    box.hidden = true;
    try {
      localStorage.setItem(KEY, "seen");
    } catch { /* a page from a file may keep nothing */ }
    before?.focus();
  }

  function start() {
    before = document.activeElement;
    step = 0;
    box.hidden = false;
    show();
    next.focus({ preventScroll: true });
  }

  next.addEventListener("click", () => { step += 1; show(); });
  byId("tour-skip").addEventListener("click", end);
  byId("tour-start").addEventListener("click", start);
  addEventListener("keydown", (event) => { if (event.key === "Escape" && !box.hidden) end(); });
  let seen = true;
  try {
    seen = localStorage.getItem(KEY) === "seen";
  } catch { /* then it is offered by its button alone */ }
  if (!seen) {
    box.hidden = false;
    show();
    scrollTo(0, 0);
  }
}
