// Runs that were kept: named, drawn beside, each compared with what it was compared with then, opened again.

import { assumptionsApart, shortlySaid, storyNames } from "./changes.js";
import { byId, fill, make } from "./dom.js";
import { differenceOf, digitsFor, spanOf, spanSaid } from "./answer.js";
import { keyOf } from "./chart.js";
import { notNothing, number, typeset } from "./wording.js";

/** How many are kept; an older one makes room. */
const MOST = 5;

/** @param {any} data @param {(kept: any) => void} open @param {() => void} redraw */
export function makeKept(data, open, redraw) {
  const kept = /** @type {any[]} */ ([]);
  let number_ = 0;

  /** Keep both stories that are shown. @param {any} snapshot */
  function keep({ state: { edits, view }, held, beside }) {
    number_ += 1;
    if (kept.length >= MOST) kept.shift();
    const free = [1, 2, 3, 4, 5].find((k) => !kept.some((one) => one.ink === `kept${k}`));
    kept.push({ name: `Run ${number_}: ${shortlySaid(data, edits)}`, ink: `kept${free}`, edits: structuredClone(edits), against: view.against, most: view.replicates, pair: [held, beside], drawn: true });
    redraw();
    return kept.at(-1).name;
  }

  const countOf = (/** @type {any} */ { pair, most }) => Math.min(most, ...pair.map((/** @type {any} */ side) => side.monthly.length));

  /** What a kept run is about, by its own pair of stories. @param {any} snapshot @param {any} one */
  function differenceFor(snapshot, one) {
    const { measure, subject, at } = snapshot.state.view, { unit } = data.measures.find((/** @type {any} */ about) => about.key === measure), count = countOf(one);
    const [own, other] = one.pair.map((/** @type {any} */ side) => snapshot.of(side, measure, subject, count));
    const span = spanOf(unit, data.start, data.start + data.steps - 1, snapshot.partedOf(...one.pair, count), at);
    return { d: differenceOf(own, other, data.start, span), unit, count, span };
  }

  /** @param {any} snapshot */
  function show(snapshot) {
    byId("kept-none").hidden = kept.length > 0;
    fill(byId("kept"), ...kept.map((one) => {
      const { d, unit, count, span } = differenceFor(snapshot, one), digits = digitsFor(d, unit), { mean, low, high } = d.effect;
      const name = make("input", { type: "text", value: one.name, maxlength: 120, title: one.name, "aria-label": "Name of a kept run" });
      name.addEventListener("change", () => { one.name = name.value.trim() || one.name; redraw(); });
      const drawn = make("input", { type: "checkbox", checked: one.drawn, "aria-label": `Draw ${one.name}` });
      drawn.addEventListener("change", () => { one.drawn = drawn.checked; redraw(); });
      const apart = assumptionsApart(data, one.edits, snapshot.state.edits), few = count < one.most ? `, ${count} of ${one.most} replicates` : "";
      const value = `${number(mean, digits, true)}${Number.isFinite(low) ? ` (90 % interval ${notNothing(low, digits)} to ${notNothing(high, digits)})` : ""}`;
      return make("li", {}, make("div", { class: "controls" }, drawn, keyOf(one.ink), name,
        make("span", { class: "buttons" }, make("button", { type: "button", class: "small", "aria-label": `open ${one.name}`, click: () => open(one) }, "open"),
          make("button", { type: "button", class: "small", "aria-label": `forget ${one.name}`, click: () => { kept.splice(kept.indexOf(one), 1); redraw(); } }, "forget"))),
        make("p", {}, make("b", {}, typeset(value)), typeset(` beside ${storyNames(data, one.edits, one.against)[1]}, ${spanSaid(span)}${few}`)),
        apart.length > 0 && make("p", { class: "apart" }, typeset(`Kept under other assumptions than now: ${apart.join("; ")}.`)));
    }));
  }

  /** The kept runs that are drawn, with their series. @param {any} snapshot */
  const drawn = (snapshot) => kept.filter((one) => one.drawn).map((one) => {
    const { measure, subject } = snapshot.state.view;
    return { name: one.name, ink: one.ink, series: snapshot.of(one.pair[0], measure, subject, countOf(one)) };
  });

  return { keep, show, drawn };
}
