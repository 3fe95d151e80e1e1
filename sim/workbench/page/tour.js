// A first look in four steps, which can be skipped.

import { byId } from "./dom.js";

const STEPS = /** @type {[string, string][]} */ ([
  ["answer", "This says what your change did: your story beside the other, replicate by replicate, with the same luck. Eight replicates are shown at once, and the others follow while you look."],
  ["h-events", "Here is what happens in the story. Switch an event off, drag it to another month, or open it and type the month."],
  ["difference", "The difference over time, pair by pair."],
  ["show-file", "Every change is a file: this shows it, with the command that gives the same numbers. Undo takes back any move."],
]);
const PLACES = ["bottom right", "top right", "bottom left", "top left"];
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
    lit.scrollIntoView({ block: "nearest" });
    text.textContent = `${step + 1} of ${STEPS.length}: ${words}`;
    const last = step === STEPS.length - 1;
    next.textContent = last ? "Done" : "Next";
    byId("tour-skip").hidden = last;
    if (!aside()) lit.scrollIntoView({ block: "start" });
    aside();
    return undefined;
  }

  // Where the box does not cover what it explains: all of the section that a heading is of, if it can, else what is lit.
  function aside() {
    if (box.hidden) return true;
    const besides = (/** @type {any} */ what) => PLACES.find((place) => {
      box.dataset.place = place;
      const own = box.getBoundingClientRect(), of = what.getBoundingClientRect(), air = 8;
      return own.left > of.right + air || own.right < of.left - air || own.top > of.bottom + air || own.bottom < of.top - air;
    });
    const free = besides(lit.closest("#happens") ?? lit) ?? besides(lit);
    box.dataset.place = free ?? PLACES[0];
    return Boolean(free);
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
  addEventListener("scroll", aside, { passive: true });
  addEventListener("resize", aside);
  addEventListener("keydown", (event) => { if (event.key === "Escape" && !box.hidden) end(); });
  let seen = true;
  try {
    seen = localStorage.getItem(KEY) === "seen";
  } catch { /* then it is offered by its button alone */ }
  if (!seen) {
    box.hidden = false;
    show();
  }
}
