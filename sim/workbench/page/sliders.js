// Assumptions: parameters by mechanism, those that matter most first; and what the world starts with.

import { byId, fill, make, select } from "./dom.js";
import { numberControl } from "./controls.js";
import { capital, short } from "./wording.js";

/** What a number rests on, its kind said once. @param {{basis: string, source: string}} about */
export const restsOn = ({ basis, source }) => (!source || source.startsWith(basis) ? source || basis : `${basis}: ${source}`);

/** @param {any} data @param {() => any} edits @param {(change: (edits: any) => void, live?: boolean) => void} edit */
export function makeSliders(data, edits, edit) {
  const shown = /** @type {(() => void)[]} */ ([]);
  let first = /** @type {string[]} */ (data.matter), what = "cooperation of all states, as a rule";

  function rowOf(/** @type {any} */ about) {
    const control = numberControl({ label: about.key, low: about.low, high: about.high, value: about.value, whole: about.whole, unit: about.unit },
      (value) => edit((next) => { if (value === about.value && !about.spread) delete next.parameters[about.key]; else next.parameters[about.key] = value; }, true));
    const reset = make("button", { type: "button", class: "small", "aria-label": `reset ${about.key}`, click: () => edit((next) => { delete next.parameters[about.key]; }) }, "reset");
    const spread = about.spread ? ` Drawn by replicate, from ${short(about.spread[0])} to ${short(about.spread[1])}; a slider fixes it.` : "";
    const element = make("div", { class: "slider", "data-key": about.key },
      make("div", { class: "what" }, make("b", {}, about.key), " ", make("span", { class: "aside" }, `${capital(about.meaning)} (${restsOn(about)}).${spread}`)),
      control.element, reset);
    shown.push(() => {
      const own = edits().parameters[about.key];
      control.set(own ?? about.value);
      reset.hidden = own === undefined;
      element.classList.toggle("moved", own !== undefined);
    });
    return element;
  }

  function list() {
    shown.length = 0;
    const top = first.map((key) => data.parameters.find((/** @type {any} */ one) => one.key === key)).filter(Boolean);
    const groups = /** @type {Map<string, any[]>} */ (new Map());
    for (const one of data.parameters) groups.set(one.mechanism, [...(groups.get(one.mechanism) ?? []), one]);
    fill(byId("parameters"),
      ...(top.length ? [make("details", { open: true }, make("summary", {}, `The ${top.length} that matter most for ${what}`), ...top.map(rowOf))] : []),
      ...[...groups].map(([mechanism, of]) => make("details", {}, make("summary", {}, `${capital(mechanism)} (${of.length})`), ...of.map(rowOf))));
    begin();
    show();
  }

  // -- the start -----------------------------------------------------------------------------------------------------

  function begin() {
    const place = byId("begin"), kinds = [["states", "State"], ["actors", "Non-state actor"], ["organisations", "Organisation"]];
    const parts = kinds.filter(([section]) => data.begin.numbers.some((/** @type {any} */ one) => one.section === section)).map(([section, title]) => {
      const codes = data[section], rows = make("div", {});
      const names = codes.map((/** @type {string} */ code) => [code, data.names[code] ?? code]).sort((/** @type {any} */ a, /** @type {any} */ b) => a[1].localeCompare(b[1], "en"));
      const who = select({ "aria-label": title }, names, codes[0]);
      const draw = () => fill(rows, ...data.begin.numbers.filter((/** @type {any} */ one) => one.section === section && one.code === who.value).map(numberRow));
      who.addEventListener("change", () => { draw(); show(); });
      draw();
      return make("div", { class: "of" }, make("label", {}, `${title} `, who), rows);
    });
    fill(place, ...parts);
  }

  function numberRow(/** @type {any} */ about) {
    const control = numberControl({ label: `${data.names[about.code] ?? about.code}: ${about.field}`, low: about.low, high: about.high, value: about.value, whole: false },
      (value) => { if (!about.above || value > about.low) edit((next) => { if (value === about.value) delete next.start[about.key]; else next.start[about.key] = value; }, true); });
    const element = make("div", { class: "slider" }, make("div", { class: "what" }, make("b", {}, about.field), " ", make("span", { class: "aside" }, about.what)), control.element,
      make("button", { type: "button", class: "small", "aria-label": `reset ${about.key}`, click: () => edit((next) => { delete next.start[about.key]; }) }, "reset"));
    shown.push(() => {
      if (!element.isConnected) return;
      const own = edits().start[about.key];
      control.set(own ?? about.value);
      element.lastElementChild.hidden = own === undefined;
    });
    return element;
  }

  const show = () => { for (const one of shown) one(); };
  list();
  return { show, rank(/** @type {string[]} */ keys, /** @type {string} */ of) { [first, what] = [keys, of]; list(); } };
}
