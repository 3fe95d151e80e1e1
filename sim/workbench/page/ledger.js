// Why trust of a pair moved: its ledger in both stories; and which states moved most.

import { byId, fill, make, makeSvg, select } from "./dom.js";
import { direction, meanOf } from "./statistics.js";
import { differenceOf, spanOf } from "./answer.js";
import { notNothing, number, typeset } from "./wording.js";

const ALL = " with all others";
const SURE = 64; // replicates of which the ledger is the mean

/** @param {any} data @param {any} bench @param {(change: any) => void} look */
export function makeLedger(data, bench, look) {
  const names = data.states.map((/** @type {string} */ code) => [code, data.names[code] ?? code]).sort((/** @type {any} */ a, /** @type {any} */ b) => a[1].localeCompare(b[1], "en"));
  const from = select({}, names, data.first.pair[0]), to = select({}, names, data.first.pair[1]), place = byId("ledger");
  fill(byId("pair"), make("label", {}, "Trust of ", from), make("label", {}, " in ", to), make("button", { type: "button", click: () => look({ pair: [to.value, from.value] }) }, "Swap"));
  for (const one of [from, to]) one.addEventListener("change", () => { if (from.value !== to.value) look({ pair: [from.value, to.value] }); });
  let asked = "", shown = "";

  /** @param {any} snapshot */
  async function show(snapshot) {
    const { pair, replicates } = snapshot.state.view;
    [from.value, to.value] = pair;
    if (!byId("why").open || snapshot.count < replicates) return;
    const key = JSON.stringify([pair, snapshot.keys, replicates]);
    if (key === asked || key === shown) return;
    asked = key;
    const found = await bench.why(pair, Math.min(SURE, replicates));
    if (asked !== key) return;
    asked = "";
    if (found.includes(null)) return;
    shown = key;
    draw(found, Math.min(SURE, replicates));
  }

  function draw(/** @type {any[]} */ [mine, other], /** @type {number} */ count) {
    const total = (/** @type {any} */ one, /** @type {string} */ account) => {
      const k = one.accounts.indexOf(account);
      if (k < 0) return 0;
      let sum = 0;
      for (let t = 0; t < data.steps; t++) sum += one.terms[k * data.steps + t];
      return sum;
    };
    const accounts = [...new Set([...mine.accounts, ...other.accounts])];
    const rows = accounts.map((account) => [nameOf(account), total(mine, account), total(other, account)]).filter(([, a, b]) => a !== 0 || b !== 0);
    const change = (/** @type {any} */ one) => one.trust.at(-1) - one.trust[0];
    rows.push(["change", change(mine), change(other)]);
    const most = Math.max(...rows.map(([, a, b]) => Math.max(Math.abs(a), Math.abs(b)))) || 1;
    const bar = (/** @type {number} */ value, /** @type {string} */ style) => makeSvg("rect", { class: style, x: 50 + Math.min(0, (48 * value) / most), width: Math.max(0.6, Math.abs((48 * value) / most)), y: style === "mine" ? 1 : 11, height: 8 });
    const body = rows.map(([name, a, b]) => make("tr", { class: name === "change" ? "total" : "" }, make("th", { scope: "row" }, name),
      make("td", { class: "drawn" }, makeSvg("svg", { viewBox: "0 0 100 20", preserveAspectRatio: "none", "aria-hidden": "true", class: "bar" }, makeSvg("path", { d: "M50 0V20", class: "zero" }), bar(a, "mine"), bar(b, "other"))),
      ...[a, b, a - b].map((value) => make("td", {}, typeset(number(value, 3, true))))));
    fill(place, make("p", { class: "aside" }, `Mean of ${count} replicates: trust ${typeset(number(mine.trust[0], 3))} to ${typeset(number(mine.trust.at(-1), 3))} in your story, ${typeset(number(other.trust[0], 3))} to ${typeset(number(other.trust.at(-1), 3))} in the other. What each account added, against what the start expects.`),
      make("table", { class: "numbers" }, make("thead", {}, make("tr", {}, ...["account", "", "yours", "other", "difference"].map((word) => make("th", { scope: "col" }, word)))), make("tbody", {}, ...body)));
  }

  function nameOf(/** @type {string} */ account) {
    const event = data.stories[0].events.find((/** @type {any} */ one) => one.key === account);
    return event?.title ?? account.replaceAll("_", " ");
  }

  return { show };
}

/** The pair of which trust differs most, of those that a run records; of one story, changes most. @param {any} data @param {any} snapshot
 * @returns {[string, string] | null} */
export function movedMost(data, snapshot) {
  let found = /** @type {[string, string] | null} */ (null), most = 0;
  for (const [measure, subject] of data.columns.monthly) {
    if (measure !== "trust" || !subject.includes(">")) continue;
    const [a, b] = snapshot.series(measure, subject);
    const moved = Math.abs(meanOf(a.rows.map((/** @type {Float64Array} */ row, /** @type {number} */ r) => (row.at(-1) ?? NaN) - (snapshot.same ? row[0] : b.rows[r].at(-1)))));
    if (moved > most) [most, found] = [moved, subject.split(">")];
  }
  return found;
}

/** The states that differ most in a measure. @param {any} data @param {any} snapshot */
export function rank(data, snapshot) {
  const place = byId("ranking");
  if (!byId("moved").open) return;
  const own = data.measures.find((/** @type {any} */ one) => one.key === snapshot.state.view.measure);
  const has = (/** @type {any} */ one) => one?.groups.some((/** @type {any} */ group) => group.kind === "States");
  const about = has(own) ? own : data.measures.find((/** @type {any} */ one) => one.key === "alignment" && has(one)) ?? data.measures.find(has);
  if (!about) return;
  const rows = data.states.map((/** @type {string} */ code) => {
    const [a, b] = snapshot.series(about.key, code);
    if (!a.bounds.length) return null;
    const d = differenceOf(a, b, data.start, spanOf(about.unit, data.start, data.start + data.steps - 1, snapshot.parted, snapshot.state.view.at));
    return { code, effect: d.effect };
  }).filter((/** @type {any} */ row) => row && Number.isFinite(row.effect.mean) && row.effect.same < 1);
  rows.sort((/** @type {any} */ a, /** @type {any} */ b) => Math.abs(b.effect.mean) - Math.abs(a.effect.mean));
  const most = Math.max(1e-12, ...rows.map((/** @type {any} */ row) => Math.abs(row.effect.mean)));
  const of = data.phrases[`${about.key}:${data.states[0]}`]?.[0].endsWith(ALL) ? `${about.name} of each state${ALL}, whomever the answer is about` : about === own ? `${about.name} of each state` : `${about.name} of each state, since what is shown is of no single state`;
  byId("ranked").textContent = `${of}: mean difference and its 90 % interval; · marks a clear direction.`;
  fill(place, ...rows.slice(0, 10).map((/** @type {any} */ { code, effect }) => make("tr", {}, make("th", { scope: "row" }, data.names[code]),
    make("td", { class: "drawn" }, makeSvg("svg", { viewBox: "0 0 100 20", preserveAspectRatio: "none", "aria-hidden": "true", class: "bar" }, makeSvg("path", { d: "M50 0V20", class: "zero" }), makeSvg("rect", { class: "mine", x: 50 + Math.min(0, (48 * effect.mean) / most), y: 4, height: 12, width: Math.max(0.6, Math.abs((48 * effect.mean) / most)) }))),
    make("td", {}, `${typeset(number(effect.mean, 4, true))}${direction(effect) ? " ·" : ""}`), make("td", { class: "range" }, Number.isFinite(effect.low) ? `${typeset(notNothing(effect.low, 4))} to ${typeset(notNothing(effect.high, 4))}` : ""))));
  if (!rows.length) fill(place, make("tr", {}, make("td", {}, "No state differs.")));
}

