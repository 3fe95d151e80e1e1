// The map by month: whom the states lean to, in your story, in the other, or how that differs.

import { byId, fill, ink, make, makeSvg } from "./dom.js";
import { quantiles } from "./statistics.js";
import { monthName, number, typeset } from "./wording.js";

const FRAME = 90; // milliseconds a month, while it plays

/** A colour between stops for a value from -most to most. @param {number} value @param {number} most @param {string[]} stops */
function mixed(value, most, stops) {
  if (Number.isNaN(value)) return ink("land");
  const place = ((Math.min(Math.max(value / most, -1), 1) + 1) / 2) * (stops.length - 1), low = Math.min(Math.floor(place), stops.length - 2);
  const channel = (/** @type {number} */ at) => {
    const [a, b] = [stops[low], stops[low + 1]].map((stop) => parseInt(stop.slice(at, at + 2), 16));
    return Math.round(a + (b - a) * (place - low)).toString(16).padStart(2, "0");
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

/** @param {any} data @param {(change: any) => void} look */
export function makeMap(data, look) {
  const place = byId("map"), slider = byId("map-month"), play = byId("map-play"), view = byId("map-view"), said = byId("map-said");
  const about = data.map, shapes = new Map();
  if (!about || !data.measures.some((/** @type {any} */ one) => one.key === "alignment")) {
    byId("mapped").hidden = true;
    return { show() {} };
  }
  const drawing = makeSvg("svg", { viewBox: `0 0 ${about.wide} ${about.high}`, role: "img", "aria-labelledby": "h-map map-said", class: "map" });
  drawing.append(makeSvg("path", { class: "sea", d: about.sea }), makeSvg("path", { class: "land", d: about.land }));
  const labels = [];
  for (const [code, shape, label] of about.states) {
    const path = makeSvg("path", { class: "state", d: shape, tabindex: -1 });
    shapes.set(code, path);
    path.addEventListener("pointerenter", () => tell(code));
    drawing.append(path);
    if (label) {
      const made = makeSvg("text", { x: label[0], y: label[1], dy: ".35em", "font-size": label[2] });
      labels.push([code, made]);
    }
  }
  drawing.append(makeSvg("path", { class: "disputed", d: about.disputed }));
  for (const [code, made] of labels) { made.textContent = code; drawing.append(made); }
  fill(place, drawing);
  byId("map-note").textContent = `${about.note} ${about.credit}.${about.beyond.length ? ` Not on it: ${about.beyond.join(", ")}.` : ""}`;
  Object.assign(slider, { min: data.start - 1, max: data.start + data.steps - 1 });
  let snapshot = /** @type {any} */ (null), courses = /** @type {Map<string, number[][]>} */ (new Map()), timer = 0;

  slider.addEventListener("input", () => { paint(); });
  slider.addEventListener("change", () => look({ month: Number(slider.value) }));
  view.addEventListener("change", paint);
  play.addEventListener("click", () => (timer ? stop() : start()));

  function start() {
    if (Number(slider.value) >= Number(slider.max)) slider.value = slider.min;
    play.setAttribute("aria-pressed", "true");
    play.textContent = "Pause";
    const step = matchMedia("(prefers-reduced-motion: reduce)").matches ? 12 : 1;
    timer = setInterval(() => {
      slider.value = String(Number(slider.value) + step);
      paint();
      if (Number(slider.value) >= Number(slider.max)) stop();
    }, step === 1 ? FRAME : 1000);
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    play.setAttribute("aria-pressed", "false");
    play.textContent = "Play";
    look({ month: Number(slider.value) });
  }

  /** Medians by bound of a state: your story, the other, and of the difference. @param {string} code */
  function courseOf(code) {
    const known = courses.get(code);
    if (known) return known;
    const [a, b] = snapshot.series("alignment", code), middle = (/** @type {(r: number, k: number) => number} */ value) => a.bounds.map((/** @type {number} */ _, /** @type {number} */ k) => quantiles(Float64Array.from({ length: snapshot.count }, (_, r) => value(r, k)), [0.5])[0]);
    const made = [middle((r, k) => a.rows[r][k]), middle((r, k) => b.rows[r][k]), middle((r, k) => a.rows[r][k] - b.rows[r][k])];
    courses.set(code, made);
    return made;
  }

  function paint() {
    if (!snapshot || !byId("mapped").open) return;
    const which = Number(view.value), month = Number(slider.value), bound = month - data.start + 1;
    const all = [...shapes.keys()].map((code) => courseOf(code)[which]);
    const most = [0.001, 0.003, 0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 1].find((reach) => all.every((course) => course.every((/** @type {number} */ value) => Math.abs(value) <= reach || Number.isNaN(value)))) ?? 1;
    drawing.classList.toggle("difference", which === 2);
    for (const [code, path] of shapes) path.setAttribute("fill", mixed(courseOf(code)[which][bound], most, which === 2 ? about.toward : about.stops));
    const when = bound === 0 ? `start of ${monthName(data.start)}` : `end of ${monthName(month)}`;
    slider.setAttribute("aria-valuetext", when);
    byId("map-when").textContent = when;
    const [, east, west] = data.sides;
    said.textContent = `${which === 2 ? "Difference of alignment" : "Alignment"}, median, ${when}: ${west} ${typeset(number(-most, 3))} to ${east} +${number(most, 3)}.`;
    const moved = [...shapes.keys()].map((code) => [code, courseOf(code)[which][bound]]).sort((a, b) => Math.abs(Number(b[1])) - Math.abs(Number(a[1]))).slice(0, 5);
    fill(byId("map-list"), ...moved.map(([code, value]) => make("li", {}, `${data.names[code]}: ${typeset(number(Number(value), 3, true))}`)));
  }

  function tell(/** @type {string} */ code) {
    if (!snapshot) return;
    const bound = Number(slider.value) - data.start + 1, [a, b, d] = courseOf(code).map((course) => course[bound]);
    byId("map-state").textContent = `${data.names[code]}: ${typeset(number(a, 3, true))} in your story, ${typeset(number(b, 3, true))} in the other, difference ${typeset(number(d, 3, true))}.`;
  }

  byId("mapped").addEventListener("toggle", paint);
  return {
    show(/** @type {any} */ next) {
      snapshot = next;
      courses = new Map();
      if (!timer) slider.value = String(next.state.view.month);
      paint();
    },
  };
}
