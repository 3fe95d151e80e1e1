// The page: its state, what a move does, and what is shown of it.

import { cautions, differenceOf, digitsFor, endsSaid, MEAN_UNIT, putIn, sentences, SIDES, spanOf, spanSaid, turnOf, turnSaid } from "./answer.js";
import { makeBench } from "./bench.js";
import { actionsOf, asWritten, changesSaid, storyNames } from "./changes.js";
import { bandsOf, keyOf, makeCharts, meanAt } from "./chart.js";
import { openStory, readData, readKernel, readWorker } from "./data.js";
import { byId, confirm, fill, make, say } from "./dom.js";
import { firstView, LONGEST, noEdits, readState, stateText, unchanged } from "./edits.js";
import { contradictions } from "./event_check.js";
import { displacedBy, displacedSaid } from "./event_order.js";
import { makeForm } from "./event_form.js";
import { makeFiles } from "./files.js";
import { makeKept } from "./kept.js";
import { makeLedger, movedMost, rank } from "./ledger.js";
import { makeMap } from "./map.js";
import { presetsOf } from "./presets.js";
import { makeSeat } from "./seat.js";
import { makeSliders } from "./sliders.js";
import { FEW } from "./statistics.js";
import { makeTeam } from "./team.js";
import { makeTimeline } from "./timeline.js";
import { makeTour } from "./tour.js";
import { capital, monthName, typeset } from "./wording.js";

const MOST_WORKERS = 8, UNDONE = 200, QUIET = 250;
const RANK = "Which ten matter most for what is shown?";
/** What the unit says. */
const SHARE_SAID = " In how many of the last twelve months a pair of them cooperated, as a share: 0.25 is three months in twelve, on average over the pairs.";

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
    say("");
    confirm(null, "");
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
  let paired = false; // whether a hand chose the pair of which trust is explained
  const form = makeForm(data, () => state.edits, edit), map = makeMap(data, look), ledger = makeLedger(data, bench, (/** @type {any} */ change) => { paired = true; look(change); });
  const kept = makeKept(data, ({ edits, against }) => { edit((next) => Object.assign(next, structuredClone(edits))); look({ against }); }, () => { const now = bench.snapshot(); if (now) show(now); });
  for (const [id, wanted] of Object.entries({ "begin-trust": { type: "shock", variable: "trust", way: "from" }, "begin-join": { type: "join" }, "begin-leave": { type: "leave" } })) {
    byId(id).addEventListener("click", () => form.prefill(wanted));
  }
  makeFiles(data, () => state, charts, () => stateText(data, state), take, () => byId("answer").textContent);
  const seat = makeSeat(data, bench, team, () => state);
  byId("why").addEventListener("toggle", () => {
    const now = bench.snapshot(), unseen = !paired && String(state.view.pair) === String(data.first.pair), pair = byId("why").open && unseen && now && movedMost(data, now);
    if (pair) look({ pair });
  });
  for (const id of ["mapped", "moved", "why"]) byId(id).addEventListener("toggle", () => { const now = bench.snapshot(); if (now) looks(now); });
  const rankedFor = () => { const { measure: key, subject: of, at: month, against: place } = state.view; return JSON.stringify([state.edits, key, of, month, place]); };
  let ranked = "", cancelled = false; // for what the ten that stand there were ranked
  byId("rank-cancel").addEventListener("click", () => { cancelled = true; });
  byId("rank-parameters").addEventListener("click", async () => {
    const button = byId("rank-parameters"), bar = byId("rank-progress"), told = byId("rank-said"), asked = rankedFor(), { measure: key, subject: of } = state.view, [phrase] = data.phrases[`${key}:${of}`];
    const wanted = () => !cancelled && rankedFor() === asked, now = bench.snapshot(), differ = Boolean(now && !now.same), what = differ ? `the difference of ${phrase}` : phrase;
    let so = 0;
    const started = performance.now(), { unit } = aboutMeasure(), end = data.start + data.steps - 1;
    const span = differ ? spanOf(unit, data.start, end, now?.parted ?? null, state.view.at) : { first: data.start + (data.steps >> 1), last: end };
    const read = (/** @type {any} */ a, /** @type {any} */ b) => { const d = differenceOf(a, b, data.start, span); return differ ? d.effect.mean : d.means[0]; };
    cancelled = false;
    Object.assign(bar, { hidden: false, value: 0 });
    button.disabled = true;
    byId("rank-cancel").hidden = false;
    told.textContent = `Ranking for ${what} …`;
    const order = await bench.matter(state, key, of, read, (/** @type {number} */ done, /** @type {number} */ all) => {
      const left = (((performance.now() - started) / done) * (all - done)) / 1000;
      [so, bar.value] = [done, done / all];
      told.textContent = `Ranking for ${what}: ${done} of ${all} tried, about ${left < 90 ? `${Math.ceil(left)} seconds` : `${Math.ceil(left / 60)} minutes`} left.`;
    }, wanted);
    bar.hidden = byId("rank-cancel").hidden = true;
    button.disabled = false;
    button.textContent = order ? RANK : cancelled ? "Rank again" : "Rank again, for what is shown now";
    told.textContent = order ? `Ranked by how much a tenth more or less of each moves ${what} ${spanSaid(span)}, 8 replicates.` : `Stopped after ${so} of ${data.parameters.length}, ${cancelled ? "as you asked" : "because the answer changed meanwhile"}.`;
    ranked = order ? asked : "";
    if (order) sliders.rank(order.slice(0, 10), what);
  });
  byId("keep").addEventListener("click", () => { if (shown) confirm(byId("keep"), `Kept as “${kept.keep(shown)}”, under Kept runs.`); });
  for (const [id, assumptions] of /** @type {[string, boolean][]} */ ([["presets", false], ["presets-assumed", true]])) {
    fill(byId(id), ...presetsOf(data).filter(({ assumed = false }) => assumed === assumptions).map(({ name, change }) => make("button", { type: "button", click: () => edit(change) }, name)));
  }
  for (const id of ["to-answer", "skip"]) byId(id).addEventListener("click", (/** @type {Event} */ event) => {
    event.preventDefault(); // an address holds a state
    byId("result").scrollIntoView({ block: "start" });
    byId("answer").focus({ preventScroll: true });
  });
  fill(byId("lines"), keyOf("mean"), " mean, of which the answer speaks; ", keyOf("run"), " median, with bands of 50 and 90 % of the pairs");
  const measure = byId("measure"), subject = byId("subject"), against = byId("against"), at = byId("at"), count = byId("replicates");
  for (const one of data.measures) measure.append(make("option", { value: one.key }, one.name));
  against.append(...data.stories.map((/** @type {any} */ _, /** @type {number} */ k) => make("option", { value: k })));
  const aboutMeasure = () => data.measures.find((/** @type {any} */ one) => one.key === state.view.measure);
  let wish = ""; // of whom a hand asked last, which a measure may not have
  measure.addEventListener("change", () => {
    const subjects = data.measures.find((/** @type {any} */ one) => one.key === measure.value).groups.flatMap((/** @type {any} */ group) => group.subjects.map((/** @type {any} */ [key]) => key));
    wish ||= state.view.subject;
    const near = [wish, wish.replace("-", ">"), wish.split(">").sort().join("-"), state.view.subject]; // of a dyad some measures have each direction
    look({ measure: measure.value, subject: near.find((one) => subjects.includes(one)) ?? subjects[0] });
  });
  subject.addEventListener("change", () => { wish = subject.value; look({ subject: wish }); });
  against.addEventListener("change", () => look({ against: Number(against.value) }));
  const last = data.start + data.steps - 1;
  const usual = make("option", { value: "" }), end = make("option", { value: last }, `at the end of ${monthName(last)}`);
  at.append(usual);
  for (let month = data.start + 11; month < last; month += 12) at.append(make("option", { value: month }, `at the end of ${monthName(month)}`));
  at.append(end);
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
    usual.textContent = average ? "average since the change" : end.textContent;
    end.hidden = !average;
    at.value = state.view.at === null || (!average && state.view.at === last) ? "" : String(state.view.at);
    fill(byId("who"), ...whoSaid());
    if (![...count.options].some((/** @type {any} */ one) => Number(one.value) === state.view.replicates)) count.append(make("option", { value: state.view.replicates }, String(state.view.replicates)));
    count.value = String(state.view.replicates);
    byId("both").checked = state.edits.both;
    byId("undo").disabled = !past.length;
    byId("redo").disabled = !future.length;
    byId("reset").disabled = unchanged(state.edits);
    byId("copy-file").disabled = unchanged(state.edits);
    const displaced = displacedBy(data, state.edits);
    timeline.show(displaced);
    sliders.show();
    form.show(displaced);
    fill(byId("order"), ...displaced.map((pair) => make("p", {}, typeset(displacedSaid(pair)), " ", pair.along?.fits && alongButton(pair.along))));
    if (ranked && ranked !== rankedFor()) {
      [ranked, byId("rank-said").textContent] = ["", "The ten that stand there were ranked for what was shown before."];
      byId("rank-parameters").textContent = "Rank again, for what is shown now";
    }
    const wrong = contradictions(data, state.edits);
    fill(byId("wrong"), ...wrong.map((text) => make("p", {}, `The file of this story would not be read: ${text}.`)));
    clearTimeout(later);
    later = setTimeout(address, QUIET);
  }

  const alongButton = (/** @type {any} */ { key, title, on }) => make("button", {
    type: "button", class: "small", click() { timeline.move(key, on); byId("answer").focus({ preventScroll: true }); },
  }, `move ${title} along (to ${typeset(monthName(on))})`);

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

  /** Which interval is to be quoted, what it holds and what not. @param {any} now @param {string} quoted its interval, if there is one to quote */
  function sureSaid(now, quoted) {
    const { assumed, estimated, uncertainty } = data.sure, held = data.parameters.filter((/** @type {any} */ one) => one.spread && one.key in now.edits.parameters).length;
    const drawn = uncertainty === "both" ? `chance and the ${estimated} estimated parameters${held ? ` but for ${held} that a slider fixes` : ""}` : `${data.stories[0].uncertain ? "chance and the numbers that the scenario draws" : "chance alone"}${estimated ? `, with the ${estimated} estimated parameters at their estimates` : ""}`;
    return [quoted ? `${quoted} It holds` : "Intervals and bands hold", ` ${drawn}; ${assumed} assumed ones stay at their values. `, make("code", {}, "compare --robust"), " varies them (its command is under “Show me the file”)."];
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
    const digits = snapshot.same ? 3 : digitsFor(d, unit), drawnBeside = kept.drawn(snapshot);
    const overSpan = (/** @type {any} */ values) => { const rows = Array.from(values, (value) => Float64Array.of(/** @type {number} */ (value))); return { bands: bandsOf({ bounds: [0], rows }), mean: meanAt(rows) }; };
    const [mine, theirs, minus] = d.over.map(overSpan);
    charts.draw({
      bounds: a.bounds, changed: bandsOf(a), unchanged: bandsOf(b), difference: bandsOf({ bounds: a.bounds, rows: d.minus }), means: [a.rows, b.rows, d.minus].map(meanAt),
      kept: drawnBeside.map(({ name, ink, series }) => ({ name, ink, bands: bandsOf(series), mean: meanAt(series.rows), period: overSpan(differenceOf(series, series, data.start, d.span).over[0]) })), names, digits,
      course: d.course.map((mean) => (Number.isFinite(mean) ? mean : null)), last: Math.max(0, a.bounds.indexOf(d.span.last + 1 - data.start)),
      period: d.span.first === d.span.last ? null : { said: spanSaid(d.span), changed: mine.bands, unchanged: theirs.bands, difference: minus.bands, means: [mine.mean, theirs.mean, minus.mean] },
    });
    const [lead, ...more] = snapshot.same ? [alike(snapshot.state)] : sentences(d, { measure: key, unit, phrase, names, replicates: count, cautions: cautions(cautionsFor(snapshot)) });
    const [turn, sides] = snapshot.same ? ["", ""] : turnSaid(turnOf(d, a.bounds, data.start, parted), digits), refining = count < replicates;
    fill(byId("answer"), ...[snapshot.same ? typeset(lead) : make("b", {}, typeset(lead)), turn && make("b", {}, typeset(turn)), typeset([sides, ...more].filter(Boolean).join(" "))].filter(Boolean).flatMap((part, k) => (k ? [" ", part] : [part])));
    byId("answer").classList.toggle("provisional", refining);
    byId("answer").setAttribute("aria-busy", String(refining));
    const months = unit === MEAN_UNIT && asked === null && parted !== null ? `The average since the change begins with ${monthName(parted)}, the first month that differs in any replicate.` : "";
    byId("changes").textContent = typeset(`${changesSaid(data, snapshot.state.edits)} ${months}`.trim());
    byId("charted").textContent = label;
    byId("meaning").textContent = `${capital(aboutMeasure().meaning)}${unit && unit !== "1" ? ` (${unit})` : ""}.${unit === MEAN_UNIT ? SHARE_SAID : ""}`;
    const quoted = snapshot.same || refining || count < FEW || !Number.isFinite(d.effect.low) || d.effect.same === 1 ? "" : key in SIDES ? "Quote the 90 % interval of the first sentence." : `Quote the 90 % interval of the mean, ${endsSaid(d.effect, digits)}, not where pairs lie.`;
    fill(byId("sure"), ...sureSaid(snapshot.state, typeset(quoted)));
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
    : actionsOf(data, edits).length || !edits.both ? "What was changed makes no difference between the two stories."
      : "Both stories are the same: only assumptions changed, and they apply to both. Change an event.";

  function fail(/** @type {Error} */ error) {
    say(`The simulation stopped: ${error.message}.`);
    document.documentElement.dataset.ready = "failed";
  }

  const stage = byId("stage"), measureStage = () => {
    stage.style.setProperty("--high", `${stage.offsetHeight}px`);
    document.documentElement.style.setProperty("--chart", `${byId("pinned").offsetHeight}px`);
  };
  for (const one of [stage, byId("pinned")]) new ResizeObserver(measureStage).observe(one);
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
