// The two stories over time, and their difference; drawn by uPlot, and as SVG for a text.

import { fill, ink, make, makeSvg } from "./dom.js";
import { digitsOfLevels } from "./answer.js";
import { FEW, meanOf, quantiles } from "./statistics.js";
import { capital, monthName, number, typeset } from "./wording.js";

/** Rows from low to high over replicates, at every bound; the median in the middle. @param {{bounds: number[], rows: Float64Array[]}} series */
export function bandsOf({ bounds, rows }) {
  const few = rows.length < FEW, at = few ? [0, 0.5, 1] : undefined;
  const columns = bounds.map((_, k) => quantiles(Float64Array.from(rows, (row) => row[k]), at));
  return Array.from({ length: few ? 3 : 5 }, (_, q) => columns.map((column) => (Number.isNaN(column[q]) ? null : column[q])));
}

/** The dashes of the lines: none is told by its hue alone. */
const DASHES = /** @type {Record<string, number[]>} */ ({ run: [], other: [7, 5], kept1: [2, 3], kept2: [12, 4], kept3: [10, 3, 2, 3], kept4: [4, 2], kept5: [14, 3, 2, 3, 2, 3], mean: [6, 3] });

/** A line as it is drawn, for a legend. @param {string} name */
export const keyOf = (name) => makeSvg("svg", { viewBox: "0 0 40 6", class: "key", "aria-hidden": "true" }, makeSvg("path", { d: "M0 3H40", class: name, "stroke-dasharray": DASHES[name].join(" ") || "none" }));

const monthsOf = (/** @type {any} */ data, /** @type {number[]} */ bounds) => bounds.map((bound) => data.start + bound);

/** @param {any} data @param {any} place @param {any} below @param {any} readout */
export function makeCharts(data, place, below, readout) {
  let plots = /** @type {any[]} */ ([]), drawn = /** @type {any} */ (null), shape = "";

  /** @param {any} shown {bounds, changed, unchanged, difference (bands), kept ({name, ink, bands, mean}), means (of these three at a bound), course
   * (mean of the difference), period (the same over what the answer is about: {said, changed, unchanged, difference, kept, means}, or null), last
   * (the bound that the answer is about), names, digits} */
  function draw(shown) {
    drawn = shown;
    const key = JSON.stringify([shown.changed.length, shown.kept.length, shown.bounds.length, place.clientWidth, innerHeight, ink("ink"), shown.digits, shown.kept.map((/** @type {any} */ one) => one.ink)]);
    const tables = tablesOf(shown);
    if (key === shape && plots.length) plots.forEach((plot, k) => plot.setData(tables[k]));
    else {
      shape = key;
      for (const plot of plots) plot.destroy();
      plots = [level(shown, tables[0]), difference(tables[1])];
    }
    read(null);
  }

  function tablesOf(/** @type {any} */ { bounds, unchanged, changed, kept, difference: minus, course }) {
    const months = monthsOf(data, bounds);
    return [[months, ...unchanged, ...changed, ...kept.map((/** @type {any} */ { bands }) => bands[bands.length >> 1])], [months, ...minus, course]];
  }

  function level(/** @type {any} */ shown, /** @type {any} */ table) {
    const rows = shown.changed.length, half = rows >> 1;
    const lines = [...band(rows, "other", 2), ...band(rows, "run", 2.5)];
    for (const one of shown.kept) lines.push({ stroke: ink(one.ink), width: 2, dash: DASHES[one.ink], points: { show: false }, spanGaps: true });
    const fills = [...bandFills(1, rows, half, "other"), ...bandFills(1 + rows, rows, half, "run")];
    return plot(place, lines, fills, table, Math.max(170, Math.min(340, place.clientWidth * 0.5, innerHeight * 0.3)), false);
  }

  function difference(/** @type {any} */ table) {
    const rows = table.length - 2, mean = { stroke: ink("ink"), width: 2, dash: DASHES.mean, points: { show: false }, spanGaps: true };
    return plot(below, [...band(rows, "run", 2), mean], bandFills(1, rows, rows >> 1, "run"), table, Math.max(110, Math.min(170, place.clientWidth * 0.26, innerHeight * 0.16)), true);
  }

  const band = (/** @type {number} */ rows, /** @type {string} */ name, /** @type {number} */ width) =>
    Array.from({ length: rows }, (_, k) => {
      const middle = k === rows >> 1;
      return { stroke: middle ? ink(name) : "transparent", width: middle ? width : 0, dash: middle ? DASHES[name] : [], spanGaps: true, points: { show: false } };
    });

  const bandFills = (/** @type {number} */ first, /** @type {number} */ rows, /** @type {number} */ half, /** @type {string} */ name) =>
    Array.from({ length: half }, (_, k) => ({ series: [first + rows - 1 - k, first + k], fill: `${ink(name)}${k ? "33" : "20"}` }));

  function plot(/** @type {any} */ into, /** @type {any[]} */ lines, /** @type {any[]} */ fills, /** @type {any} */ table, /** @type {number} */ height, /** @type {boolean} */ zero) {
    const font = "12px system-ui, sans-serif";
    const axis = { font, stroke: ink("quiet"), grid: { stroke: ink("rule"), width: 1 }, ticks: { stroke: ink("rule"), size: 4 } };
    return new uPlot({
      width: into.clientWidth, height, padding: [8, 20, 0, 0], legend: { show: false }, series: [{}, ...lines], bands: fills,
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false }, sync: { key: "bench" } },
      scales: { x: { time: false }, y: { range: (/** @type {any} */ _, /** @type {any} */ low, /** @type {any} */ high) => room(low, high, zero) } },
      axes: [
        { ...axis, size: 32, splits: years, values: (/** @type {any} */ _, /** @type {number[]} */ found) => found.map((month) => String(Math.floor(month / 12))) },
        { ...axis, space: zero ? 26 : 40, size: (/** @type {any} */ _, /** @type {string[] | null} */ said) => Math.max(58, 16 + 7.5 * Math.max(0, ...(said ?? []).map((text) => text.length))), values: (/** @type {any} */ _, /** @type {number[]} */ found) => found.map((value) => typeset(number(value, decimals(found)))) },
      ],
      hooks: { setCursor: [(/** @type {any} */ u) => read(u.cursor.left >= 0 ? u.cursor.idx : null)], draw: zero ? [drawZero] : [] },
    }, table, into);
  }

  function room(/** @type {number | null} */ low, /** @type {number | null} */ high, /** @type {boolean} */ zero) {
    if (low === null || high === null) return [0, 1];
    if (zero) [low, high] = [Math.min(low, 0), Math.max(high, 0)];
    const air = high === low && zero ? 0.01 : Math.max((high - low) * 0.06, 10 ** -drawn.digits * 5);
    return [low - air, high + air];
  }

  function years(/** @type {any} */ u, /** @type {number} */ _, /** @type {number} */ low, /** @type {number} */ high) {
    const wide = u.bbox.width / uPlot.pxRatio, step = 12 * ([1, 2, 5, 10, 20].find((one) => (wide / (high - low)) * 12 * one >= 42) ?? 50);
    const found = [];
    for (let month = Math.ceil(low / step) * step; month <= high; month += step) found.push(month);
    return found;
  }

  function drawZero(/** @type {any} */ u) {
    const y = u.valToPos(0, "y", true), { ctx, bbox } = u;
    ctx.save();
    Object.assign(ctx, { strokeStyle: ink("quiet"), lineWidth: uPlot.pxRatio });
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.restore();
  }

  // -- reading a month -----------------------------------------------------------------------------------------------

  let at = /** @type {number | null} */ (null);

  function read(/** @type {number | null | undefined} */ index) {
    if (!drawn) return;
    const period = index === null || index === undefined ? drawn.period : null, k = period ? 0 : index ?? drawn.last, bound = drawn.bounds[k];
    const when = period ? period.said : bound === 0 ? `at the start of ${monthName(data.start)}` : `at the end of ${monthName(data.start + bound - 1)}`;
    const { changed, unchanged, difference: minus, means } = period ?? drawn, { names, digits } = drawn, kept = drawn.kept.map((/** @type {any} */ one) => (period ? { ...one, ...one.period } : one));
    const levels = digitsOfLevels([means[0](k), means[1](k)], means[2](k), digits);
    const said = (/** @type {any} */ value, sign = false) => make("span", { class: "one" }, value === null || value === undefined || Number.isNaN(value) ? "–" : typeset(number(value, sign ? digits : levels, sign)));
    const row = (/** @type {any} */ key, /** @type {string} */ name, /** @type {any[]} */ rows, /** @type {any} */ mean, sign = false) =>
      make("tr", {}, make("td", {}, key), make("th", { scope: "row" }, name), make("td", {}, said(rows[rows.length >> 1][k], sign)), make("td", {}, said(mean(k), sign)),
        make("td", { class: "range" }, said(rows[0][k], sign), " to ", said(rows[rows.length - 1][k], sign)));
    fill(readout, make("table", {}, make("caption", {}, make("b", {}, typeset(capital(when))), index === null || index === undefined ? ", as the answer has it; point at a chart for one month" : ""),
      make("thead", {}, make("tr", {}, make("th", { colspan: 2, scope: "col" }, "Story"), ...[period ? "median" : "median (line)", "mean", typeset(changed.length === 3 ? "whole range" : "90 % of replicates")].map((text) => make("th", { scope: "col" }, text)))),
      make("tbody", {}, row(keyOf("run"), names[0], changed, means[0]), row(keyOf("other"), names[1], unchanged, means[1]), row("", "difference, pair by pair", minus, means[2], true),
        ...kept.map((/** @type {any} */ one) => row(keyOf(one.ink), one.name, one.bands, one.mean)))));
  }

  function moveTo(/** @type {number} */ index) {
    at = Math.max(0, Math.min(drawn.bounds.length - 1, index));
    for (const plot of plots) plot.setCursor({ left: plot.valToPos(data.start + drawn.bounds[at], "x"), top: 10 }, false);
    read(at);
  }

  const KEYS = /** @type {Record<string, (event: KeyboardEvent) => void>} */ ({
    ArrowLeft: (event) => moveTo((at ?? drawn.bounds.length) - (event.shiftKey ? 12 : 1)),
    ArrowRight: (event) => moveTo((at ?? -1) + (event.shiftKey ? 12 : 1)),
    Home: () => moveTo(0), End: () => moveTo(Infinity),
  });
  place.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (!KEYS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    KEYS[event.key](event);
  });

  const redraw = () => { if (drawn) draw(drawn); };
  new ResizeObserver(redraw).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  return { draw, canvases: () => [place, below].map((one) => one.querySelector("canvas")), shown: () => drawn };
}

/** The mean over replicates at a bound. @param {Float64Array[]} rows @returns {(k: number) => number} */
export const meanAt = (rows) => (k) => meanOf(Float64Array.from(rows, (row) => row[k]).filter(Number.isFinite));

/** The two charts as one SVG. @param {any} data @param {any} shown @param {string[]} words title and sentence @returns {string} */
export function svgOf(data, shown, words) {
  const wide = 900, left = 70, dashes = /** @type {Record<string, number[]>} */ ({ ...DASHES, unchanged: DASHES.other });
  const colours = /** @type {Record<string, string>} */ ({ changed: "#7b3294", unchanged: "#555555", kept1: "#1b7837", kept2: "#b35806", kept3: "#2166ac", kept4: "#c51b7d", kept5: "#00695c", mean: "#111111" });
  const document = window.document.implementation.createDocument("http://www.w3.org/2000/svg", "svg", null), root = document.documentElement;
  const add = (/** @type {string} */ tag, /** @type {Record<string, any>} */ attributes, /** @type {string} */ text = "") => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
    made.textContent = text;
    root.append(made);
  };
  for (const [name, value] of Object.entries({ viewBox: `0 0 ${wide} 640`, width: wide, height: 640, "font-family": "sans-serif", "font-size": 13 })) root.setAttribute(name, String(value));
  add("rect", { width: wide, height: 640, fill: "#ffffff" });
  add("text", { x: left, y: 24, "font-weight": "bold", "font-size": 16 }, words[0]);
  const last = shown.bounds.at(-1), x = (/** @type {number} */ k) => left + ((wide - left - 20) * shown.bounds[k]) / last;

  function panel(/** @type {number} */ top, /** @type {number} */ high, /** @type {[string, (number | null)[][]][]} */ stories, /** @type {boolean} */ sign) {
    const all = stories.flatMap(([, rows]) => rows.flat()).filter((value) => value !== null);
    if (sign) all.push(0);
    const low = Math.min(...all), span = Math.max(...all) - low || 1, y = (/** @type {number} */ value) => top + high - ((value - low) / span) * high;
    for (const share of [0, 0.5, 1]) {
      add("path", { d: `M${left} ${top + high * share}H${wide - 20}`, stroke: "#dddddd" });
      add("text", { x: left - 6, y: top + high * share + 4, "text-anchor": "end", fill: "#555555" }, typeset(number(low + span * (1 - share), shown.digits, sign)));
    }
    if (sign) add("path", { d: `M${left} ${y(0)}H${wide - 20}`, stroke: "#777777" });
    for (const [name, rows] of stories) {
      const fill = colours[name], half = rows.length >> 1;
      const points = (/** @type {(number | null)[]} */ row) => row.map((value, k) => (value === null ? "" : `${x(k).toFixed(1)} ${y(value).toFixed(1)}`)).filter(Boolean);
      for (let q = 0; q < half; q++) add("path", { d: `M${[...points(rows[q]), ...points(rows[rows.length - 1 - q]).reverse()].join("L")}z`, fill, "fill-opacity": 0.14 });
      add("path", { d: `M${points(rows[half]).join("L")}`, fill: "none", stroke: fill, "stroke-width": 2, "stroke-dasharray": dashes[name]?.join(" ") || "none" });
    }
  }
  panel(44, 300, [["unchanged", shown.unchanged], ["changed", shown.changed], ...shown.kept.map((/** @type {any} */ { ink: name, bands }) => /** @type {[string, any]} */ ([name, [bands[bands.length >> 1]]]))], false);
  panel(390, 140, [["changed", shown.difference], ["mean", [shown.course]]], true);
  shown.bounds.forEach((/** @type {number} */ bound, /** @type {number} */ k) => {
    const month = data.start + bound;
    if (month % 24 === 0) add("text", { x: x(k), y: 552, "text-anchor": "middle", fill: "#555555" }, String(month / 12));
  });
  add("text", { x: left, y: 376, fill: "#555555" }, `Difference: ${shown.names[0]} minus ${shown.names[1]} (median; mean dashed)`);
  add("text", { x: wide - 20, y: 24, "text-anchor": "end", fill: colours.changed }, shown.names[0]);
  add("text", { x: wide - 20, y: 40, "text-anchor": "end", fill: colours.unchanged }, `${shown.names[1]} (dashed)`);
  shown.kept.forEach((/** @type {any} */ { ink: name, name: called }, /** @type {number} */ k) => add("text", { x: wide - 20, y: 56 + 16 * k, "text-anchor": "end", fill: colours[name] }, called));
  const said = words[1].match(/.{1,125}(\s|$)/g) ?? [];
  said.slice(0, 5).forEach((line, k) => add("text", { x: left, y: 574 + 15 * k, "font-size": 12 }, line.trim()));
  return new XMLSerializer().serializeToString(document);
}

/** How many decimals tell the marks of an axis apart. @param {number[]} found */
function decimals(found) {
  const gap = found.length > 1 ? Math.abs(found[1] - found[0]) : 1;
  const digits = [0, 1, 2, 3, 4, 5, 6].find((one) => Math.abs(gap * 10 ** one - Math.round(gap * 10 ** one)) < 1e-6);
  return digits ?? 7;
}
