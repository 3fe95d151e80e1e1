// The page: its state, what a move does, and what is shown of it.

import { cautions, differenceOf, digitsFor, MEAN_UNIT, putIn, sentences, spanOf, turnOf, turnSaid } from "./answer.js";
import { makeBench } from "./bench.js";
import { asWritten, changesSaid, storyNames } from "./changes.js";
import { bandsOf, makeCharts, meanAt } from "./chart.js";
import { openStory, readData, readKernel, readWorker } from "./data.js";
import { byId, fill, make, say } from "./dom.js";
import { firstView, LONGEST, noEdits, readState, stateText, unchanged } from "./edits.js";
import { contradictions } from "./event_check.js";
import { makeForm } from "./event_form.js";
import { makeFiles } from "./files.js";
import { makeKept } from "./kept.js";
import { makeLedger, rank } from "./ledger.js";
import { makeMap } from "./map.js";
import { presetsOf } from "./presets.js";
import { makeSeat } from "./seat.js";
import { makeSliders } from "./sliders.js";
import { makeTeam } from "./team.js";
import { makeTimeline } from "./timeline.js";
import { makeTour } from "./tour.js";
import { capital, monthName, typeset } from "./wording.js";
import { reproduction } from "./yaml.js";

const MOST_WORKERS = 8, UNDONE = 200, QUIET = 250;

async function begin() {
  const began = performance.now(), data = readData();
  const { state: given, said } = location.hash.length > 1 ? readState(data, decoded(location.hash.slice(1))) : { state: null, said: [] };
  let state = given ?? { edits: noEdits(), view: firstView(data) };
  const past = /** @type {string[]} */ ([]), future = /** @type {string[]} */ ([]);
  for (const text of said) byId("notes").append(make("p", {}, text));

  for (const story of data.stories) await openStory(data, story);
  const team = makeTeam(readWorker(), await readKernel(), data.layout, Math.min(MOST_WORKERS, navigator.hardwareConcurrency || 2));
  const bench = makeBench(data, team, show, fail);
  const charts = makeCharts(data, byId("chart"), byId("difference"), byId("readout"));
  let shown = /** @type {any} */ (null), moved = 0, later = 0; // an address is written when the hand rests: browsers count how often

  // -- moves ---------------------------------------------------------------------------------------------------------

  let burst = ""; // what a drag began from, so that undo takes back all of it
  function edit(/** @type {(edits: any) => void} */ change, live = false) {
    const next = structuredClone(state.edits), before = JSON.stringify(state.edits);
    change(next);
    if (JSON.stringify(next) === before) return;
    if (!live || burst === "") remember(before);
    burst = live ? before : "";
    state = { ...state, edits: next };
    go();
  }

  function remember(/** @type {string} */ before) {
    past.push(before);
    if (past.length > UNDONE) past.shift();
    future.length = 0;
  }

  function look(/** @type {any} */ change) {
    state = { ...state, view: { ...state.view, ...change } };
    go();
  }

  function go() {
    moved = performance.now();
    document.documentElement.dataset.settled = "false";
    bench.move(state);
    requestAnimationFrame(controls);
  }

  addEventListener("change", () => { burst = ""; });

  function travel(/** @type {string[]} */ from, /** @type {string[]} */ to) {
    const text = from.pop();
    if (text === undefined) return;
    to.push(JSON.stringify(state.edits));
    burst = "";
    state = { ...state, edits: JSON.parse(text) };
    go();
  }
  byId("undo").addEventListener("click", () => travel(past, future));
  byId("redo").addEventListener("click", () => travel(future, past));
  byId("reset").addEventListener("click", () => edit((next) => Object.assign(next, noEdits())));
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || /** @type {any} */ (event.target).matches?.("input[type=text], textarea")) return;
    event.preventDefault();
    if (event.shiftKey) travel(future, past); else travel(past, future);
  });

  // -- controls ------------------------------------------------------------------------------------------------------

  const timeline = makeTimeline(data, () => state.edits, edit), sliders = makeSliders(data, () => state.edits, edit);
  const form = makeForm(data, () => state.edits, edit), map = makeMap(data, look), ledger = makeLedger(data, bench, look);
  const kept = makeKept(data, ({ edits, against }) => { edit((next) => Object.assign(next, structuredClone(edits))); look({ against }); }, () => { const now = bench.snapshot(); if (now) show(now); });
  for (const [id, wanted] of Object.entries({ "begin-trust": { type: "shock", variable: "trust", way: "from" }, "begin-join": { type: "join" }, "begin-leave": { type: "leave" } })) {
    byId(id).addEventListener("click", () => form.prefill(wanted));
  }
  makeFiles(data, () => state, charts, () => stateText(data, state), take, () => byId("answer").textContent);
  const seat = makeSeat(data, bench, team, () => state);
  for (const id of ["mapped", "moved", "why"]) byId(id).addEventListener("toggle", () => { const now = bench.snapshot(); if (now) looks(now); });
  byId("rank-parameters").addEventListener("click", async () => {
    const button = byId("rank-parameters"), bar = byId("rank-progress"), told = byId("rank-said"), asked = rankedFor(), { measure: key, subject: of } = state.view, [phrase] = data.phrases[`${key}:${of}`];
    const wanted = () => rankedFor() === asked;
    let so = 0;
    Object.assign(bar, { hidden: false, value: 0 });
    button.disabled = true;
    const order = await bench.matter(state, key, of, (/** @type {number} */ done, /** @type {number} */ all) => {
      [so, bar.value] = [done, done / all];
      if (done % 10 === 1) told.textContent = `Ranking for ${phrase}: ${done} of ${all} tried.`;
    }, wanted);
    bar.hidden = true;
    button.disabled = false;
    button.textContent = order ? "Which ten matter most for what is shown?" : "Rank again, for what is shown now";
    told.textContent = order ? `Ranked by how much a tenth more or less of each moves ${phrase}, 8 replicates.` : `Stopped after ${so} of ${data.parameters.length}, because the answer changed meanwhile.`;
    if (order) sliders.rank(order.slice(0, 10), phrase);
  });
  byId("keep").addEventListener("click", () => { if (shown) kept.keep(shown); });
  fill(byId("presets"), ...presetsOf(data).map(({ name, change }) => make("button", { type: "button", click: () => edit((next) => { Object.assign(next, noEdits()); change(next); }) }, name)));
  const rankedFor = () => JSON.stringify([state.edits, state.view.measure, state.view.subject]);
  const measure = byId("measure"), subject = byId("subject"), against = byId("against"), at = byId("at"), count = byId("replicates");
  for (const one of data.measures) measure.append(make("option", { value: one.key }, one.name));
  against.append(...data.stories.map((/** @type {any} */ _, /** @type {number} */ k) => make("option", { value: k })));
  const aboutMeasure = () => data.measures.find((/** @type {any} */ one) => one.key === state.view.measure);
  measure.addEventListener("change", () => {
    const subjects = data.measures.find((/** @type {any} */ one) => one.key === measure.value).groups.flatMap((/** @type {any} */ group) => group.subjects.map((/** @type {any} */ [key]) => key));
    look({ measure: measure.value, subject: subjects.includes(state.view.subject) ? state.view.subject : subjects[0] });
  });
  subject.addEventListener("change", () => look({ subject: subject.value }));
  against.addEventListener("change", () => look({ against: Number(against.value) }));
  const last = data.start + data.steps - 1;
  at.append(make("option", { value: "" }), make("option", { value: last }, `at the end of ${monthName(last)}`));
  for (let month = data.start + 11; month < last; month += 12) at.append(make("option", { value: month }, `at the end of ${monthName(month)}`));
  at.addEventListener("change", () => look({ at: at.value === "" ? null : Number(at.value) }));
  for (const many of [8, 50, 100, 200, 500, 1000]) if (many <= data.most) count.append(make("option", { value: many }, String(many)));
  count.addEventListener("change", () => look({ replicates: Number(count.value) }));
  byId("both").addEventListener("change", () => edit((next) => { next.both = byId("both").checked; }));

  function controls() {
    const about = aboutMeasure();
    measure.value = state.view.measure;
    if (subject.dataset.of !== about.key) fill(subject, ...about.groups.map((/** @type {any} */ { kind, subjects }) => make("optgroup", { label: kind }, ...subjects.map((/** @type {any} */ [key, name]) => make("option", { value: key }, name)))));
    subject.dataset.of = about.key;
    subject.value = state.view.subject;
    [...against.options].forEach((option, k) => { option.textContent = `${data.stories[k].name}${asWritten(data, state.edits) ? " as written" : ""}`; });
    against.value = String(state.view.against);
    const average = about.unit === MEAN_UNIT; // of others the answer is about the end
    at.options[0].textContent = average ? "average since the change" : at.options[1].textContent;
    at.options[1].hidden = !average;
    at.value = state.view.at === null || (!average && state.view.at === last) ? "" : String(state.view.at);
    fill(byId("who"), ...whoSaid());
    if (![...count.options].some((/** @type {any} */ one) => Number(one.value) === state.view.replicates)) count.append(make("option", { value: state.view.replicates }, String(state.view.replicates)));
    count.value = String(state.view.replicates);
    byId("both").checked = state.edits.both;
    byId("undo").disabled = !past.length;
    byId("redo").disabled = !future.length;
    byId("reset").disabled = unchanged(state.edits);
    byId("copy-file").disabled = unchanged(state.edits);
    timeline.show();
    sliders.show();
    form.show();
    const wrong = contradictions(data, state.edits);
    fill(byId("wrong"), ...wrong.map((text) => make("p", {}, `The file of this story would not be read: ${text}.`)));
    clearTimeout(later);
    later = setTimeout(address, QUIET);
  }

  function address() {
    const text = stateText(data, state), plain = unchanged(state.edits) && text === stateText(data, { edits: noEdits(), view: firstView(data) });
    const hash = plain ? "" : `#${encodeURIComponent(text)}`;
    byId("toolong").hidden = hash.length <= LONGEST;
    history.replaceState(null, "", hash.length <= LONGEST && hash ? hash : location.pathname + location.search);
  }

  // -- what is shown -------------------------------------------------------------------------------------------------

  /** Who is in a group that was chosen, by name. */
  function whoSaid() {
    const { subject: of } = state.view, codes = data.sets[of] ?? data.members[of] ?? (of === "world" ? data.states : []);
    if (!codes.length) return [];
    const named = codes.map((/** @type {string} */ code) => data.names[code] ?? code).sort((/** @type {string} */ a, /** @type {string} */ b) => a.localeCompare(b, "en"));
    const who = of === "world" ? "All states" : data.sets[of] ? `The set “${of}”` : `${data.names[of] ?? of}, members at the start`, said = `${who} (${named.length}): `;
    return named.length > 12 ? [make("details", {}, make("summary", {}, said.slice(0, -2)), named.join(", "))] : [said, named.join(", "), "."];
  }

  /** What the bands hold, what they do not, and the command that asks about it. @param {any} now */
  function sureSaid(now) {
    const { assumed, of_code, total, estimated, uncertainty } = data.sure, held = data.parameters.filter((/** @type {any} */ one) => one.spread && one.key in now.edits.parameters).length;
    const drawn = uncertainty === "both" ? `chance and the ${estimated} estimated parameters, drawn by replicate${held ? ` but for ${held} that a slider fixes` : ""}` : `${data.stories[0].uncertain ? "chance and the numbers that the scenario draws" : "chance alone"}${estimated ? `, with the ${estimated} estimated parameters at their estimates` : ""}`;
    const commands = reproduction(data, now, `${data.scenario}_changed`).commands;
    return [`How sure: bands and intervals hold ${drawn}. ${assumed} of ${total} parameters are assumed${of_code ? ` (and ${of_code} numbers of the code)` : ""}; these do not vary here. Whether the answer holds under other values of them: `,
      make("code", {}, `${commands.at(-1)} --robust`), ", with the file under “Show me the file”."];
  }

  /** Go to a state that came as text. @param {string} text */
  function take(text) {
    const { state: given, said } = readState(data, text);
    fill(byId("notes"), ...said.map((words) => make("p", {}, words)));
    if (!given) return;
    remember(JSON.stringify(state.edits));
    burst = "";
    state = given;
    go();
  }
  addEventListener("hashchange", () => {
    const text = decoded(location.hash.slice(1));
    if (text && text !== stateText(data, state)) take(text);
  });

  /** The difference of what is looked at, with its sentence. @param {any} snapshot @param {string} measure @param {string} subject */
  function differenceFor(snapshot, measure, subject) {
    const { unit } = data.measures.find((/** @type {any} */ one) => one.key === measure);
    const [a, b] = snapshot.series(measure, subject);
    const span = spanOf(unit, data.start, data.start + data.steps - 1, snapshot.parted, snapshot.state.view.at);
    return { a, b, unit, d: differenceOf(a, b, data.start, span) };
  }

  function show(/** @type {any} */ snapshot) {
    shown = snapshot;
    const { measure: key, subject: of, replicates, against: place, at: asked } = snapshot.state.view, { count, parted } = snapshot;
    const { a, b, unit, d } = differenceFor(snapshot, key, of), [phrase, label] = data.phrases[`${key}:${of}`], names = storyNames(data, snapshot.state.edits, place);
    const digits = snapshot.same ? 3 : digitsFor(d, unit);
    charts.draw({
      bounds: a.bounds, changed: bandsOf(a), unchanged: bandsOf(b), difference: bandsOf({ bounds: a.bounds, rows: d.minus }), means: [a.rows, b.rows, d.minus].map(meanAt),
      kept: kept.drawn(snapshot).map(({ name, ink, series }) => ({ name, ink, bands: bandsOf(series), mean: meanAt(series.rows) })), names, digits,
    });
    const [lead, ...more] = snapshot.same ? [alike(snapshot.state)] : sentences(d, { measure: key, unit, phrase, names, replicates: count, cautions: cautions(cautionsFor(snapshot)) });
    const [turn, sides] = snapshot.same ? ["", ""] : turnSaid(turnOf(d, a.bounds, data.start, parted), digits), refining = count < replicates;
    fill(byId("answer"), ...[make("b", {}, typeset(lead)), turn && make("b", {}, typeset(turn)), typeset([sides, ...more].filter(Boolean).join(" "))].filter(Boolean).flatMap((part, k) => (k ? [" ", part] : [part])));
    byId("answer").classList.toggle("provisional", refining);
    byId("answer").setAttribute("aria-busy", String(refining));
    const months = unit === MEAN_UNIT && asked === null && parted !== null ? `The average since the change begins with ${monthName(parted)}, the first month that differs in any replicate.` : "";
    byId("changes").textContent = typeset(`${changesSaid(data, snapshot.state.edits)} ${months}`.trim());
    byId("charted").textContent = label;
    byId("meaning").textContent = `${capital(aboutMeasure().meaning)}${unit && unit !== "1" ? ` (${unit})` : ""}.`;
    fill(byId("sure"), ...sureSaid(snapshot.state));
    byId("showing").textContent = refining ? `${count} of ${replicates} replicates, refining: this number still moves` : `${count} replicates`;
    Object.assign(byId("progress"), { value: count / replicates, hidden: !refining });
    kept.show(snapshot);
    if (snapshot.count >= replicates) looks(snapshot);
    const root = document.documentElement;
    Object.assign(root.dataset, { shown: snapshot.count, took: Math.round(performance.now() - moved), drawn: Number(root.dataset.drawn ?? 0) + 1, settled: String(snapshot.count >= replicates) });
    if (root.dataset.ready !== "yes") Object.assign(root.dataset, { ready: "yes", opened: Math.round(performance.now() - began) });
  }

  function looks(/** @type {any} */ snapshot) {
    map.show(snapshot);
    rank(data, snapshot);
    ledger.show(snapshot);
  }

  function cautionsFor(/** @type {any} */ snapshot) {
    const { measure: key, subject: of } = snapshot.state.view, changed = changedEvents(snapshot.state);
    return {
      unlikeStart: snapshot.unlikeStart, subject: of, measure: key, putIn: putIn(data, changed, key, of),
      members: changed.filter(({ raw }) => ["join", "leave"].includes(raw.type)).map(({ raw }) => raw.organisation),
    };
  }

  // The events that the two stories do not have alike, as each has them.
  function changedEvents(/** @type {any} */ { edits, view }) {
    const listed = (/** @type {number} */ place, /** @type {boolean} */ own) => {
      const found = new Map(), with_ = (/** @type {any} */ one) => (one.assumed ? own || edits.both : own);
      for (const { key, title, raw } of data.stories[place].events) {
        const edit = own ? edits.events[key] ?? {} : {};
        if (!edit.off) found.set(key, { title, raw: { ...raw, ...edit } });
      }
      for (const one of edits.added.filter(with_)) found.set(data.slots[one.slot].key, { title: one.raw.title ?? one.raw.type, raw: one.raw });
      return found;
    };
    const [mine, other] = [listed(0, true), listed(view.against, false)], keys = [...new Set([...mine.keys(), ...other.keys()])];
    const differ = keys.filter((key) => JSON.stringify(mine.get(key)?.raw) !== JSON.stringify(other.get(key)?.raw));
    return differ.flatMap((key) => [mine.get(key), other.get(key)]).filter(Boolean);
  }

  const alike = (/** @type {any} */ { edits }) => unchanged(edits) ? "Nothing is changed yet, so the two stories are the same. Move an event or a slider."
    : "What was changed makes no difference between the two stories. Assumptions are applied to both: move an event, or apply them to your story alone.";

  function fail(/** @type {Error} */ error) {
    say(`The simulation stopped: ${error.message}.`);
    document.documentElement.dataset.ready = "failed";
  }

  const stage = byId("stage"), measureStage = () => {
    stage.style.setProperty("--high", `${stage.offsetHeight}px`);
    document.documentElement.style.setProperty("--chart", `${byId("chart").offsetHeight}px`);
  };
  for (const one of [stage, byId("chart")]) new ResizeObserver(measureStage).observe(one);
  Object.assign(window, { bench: { game: () => seat.gameFile(), snapshot: () => bench.snapshot(), state: () => state } });
  await team.ready;
  go();
  makeTour();
}

function decoded(/** @type {string} */ text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

begin().catch((error) => {
  document.documentElement.dataset.ready = "failed";
  say(`The page cannot simulate: ${error.message}. It needs a browser of 2023 or later.`);
});
