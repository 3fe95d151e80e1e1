// Runs that were kept: named, drawn beside, compared, opened again.

import { byId, fill, make } from "./dom.js";
import { differenceOf, digitsFor, spanOf } from "./answer.js";
import { notNothing, number, typeset } from "./wording.js";

/** How many are kept; an older one makes room. */
const MOST = 5;

/** @param {any} data @param {(edits: any) => void} open @param {() => void} redraw */
export function makeKept(data, open, redraw) {
  const kept = /** @type {any[]} */ ([]);
  let number_ = 0;

  /** Keep what is shown. @param {any} snapshot */
  function keep(snapshot) {
    number_ += 1;
    if (kept.length >= MOST) kept.shift();
    const used = kept.map((one) => one.ink), free = [1, 2, 3, 4, 5].find((k) => !used.includes(`kept${k}`));
    kept.push({ name: `Run ${number_}`, ink: `kept${free}`, edits: structuredClone(snapshot.state.edits), side: snapshot.held, count: snapshot.count, drawn: true });
    redraw();
  }

  /** @param {any} snapshot */
  function show(snapshot) {
    const { measure, subject, at } = snapshot.state.view, { unit } = data.measures.find((/** @type {any} */ one) => one.key === measure);
    const [, plain] = snapshot.series(measure, subject);
    byId("kept-none").hidden = kept.length > 0;
    fill(byId("kept"), ...kept.map((one) => {
      const own = snapshot.of(one.side, measure, subject, Math.min(one.side.monthly.length, snapshot.count));
      const parted = snapshot.partedFrom(one.side), span = spanOf(unit, data.start, data.start + data.steps - 1, parted, at);
      const d = differenceOf(own, plain, data.start, span), digits = digitsFor(d, unit), { mean, low, high } = d.effect;
      const name = make("input", { type: "text", value: one.name, maxlength: 60, "aria-label": "Name of a kept run" });
      name.addEventListener("change", () => { one.name = name.value.trim() || one.name; redraw(); });
      const drawn = make("input", { type: "checkbox", checked: one.drawn, "aria-label": `Draw ${one.name}` });
      drawn.addEventListener("change", () => { one.drawn = drawn.checked; redraw(); });
      const sample = make("span", { class: `key ${one.ink}`, "aria-hidden": "true" });
      return make("tr", {}, make("td", {}, drawn, " ", sample), make("td", {}, name), make("td", {}, typeset(number(mean, digits, true))),
        make("td", { class: "range" }, Number.isFinite(low) ? `${typeset(notNothing(low, digits))} to ${typeset(notNothing(high, digits))}` : ""),
        make("td", {}, make("button", { type: "button", class: "small", "aria-label": `open ${one.name}`, click: () => open(one.edits) }, "open"), " ",
          make("button", { type: "button", class: "small", "aria-label": `forget ${one.name}`, click: () => { kept.splice(kept.indexOf(one), 1); redraw(); } }, "forget")));
    }));
  }

  /** The kept runs that are drawn, with their series. @param {any} snapshot */
  const drawn = (snapshot) => kept.filter((one) => one.drawn).map((one) => {
    const { measure, subject } = snapshot.state.view;
    return { name: one.name, ink: one.ink, series: snapshot.of(one.side, measure, subject, Math.min(one.side.monthly.length, snapshot.count)) };
  });

  return { keep, show, drawn };
}
