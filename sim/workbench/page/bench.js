// The two stories and their replicates: eight at once, the others while nobody moves.

import { stretch, writeBlock } from "./block.js";
import { changedPlan } from "./plan.js";
import { variesIn } from "./start.js";
import { sharesOf } from "./rest.js";
import { SIDES } from "./answer.js";

/** Replicates that are shown at once. */
const AT_ONCE = 8;
const LATER = 8, OFTEN = 250, QUIETLY = 120; // replicates a job, milliseconds between drawings and before it refines

/**
 * @typedef {{key: string, story: any, parts: any, booked: string[], make: any, apart: boolean, startKey: string, monthly: Float64Array[],
 *   yearly: Float64Array[]}} Side
 */

/** @param {any} data @param {any} team @param {(snapshot: any) => void} show called when there is something new
 * @param {(error: Error) => void} fail */
export function makeBench(data, team, show, fail) {
  const layout = data.layout, places = data.counts, n = data.states.length;
  const head = { magic: layout.head.plan, version: layout.version, digest: layout.digest };
  const shares = /** @type {Map<string, Promise<Float64Array[]>>} */ (new Map());
  let sides = /** @type {Side[]} */ ([]), parted = /** @type {number[]} */ ([]);
  let wanted = /** @type {any} */ (null), busy = false, turn = 0;

  // -- the two stories -----------------------------------------------------------------------------------------------

  /** @param {any} state @returns {Side[]} */
  function sidesOf({ edits, view }) {
    const mine = (/** @type {boolean} */ assumed) => edits.added.filter((/** @type {any} */ one) => Boolean(one.assumed) === assumed);
    const assumptions = [edits.parameters, edits.start, mine(true)], none = [{}, {}, []];
    return [side(0, { actions: true, assumptions: true }, [edits.events, mine(false), ...assumptions]),
            side(view.against, { actions: false, assumptions: edits.both }, [{}, [], ...(edits.both ? assumptions : none)])];

    function side(/** @type {number} */ place, /** @type {any} */ which, /** @type {any[]} */ told) {
      const key = JSON.stringify([place, ...told]), story = data.stories[place];
      const { parts, booked, make } = changedPlan(data, story, edits, which);
      const begun = which.assumptions ? [Object.entries(edits.parameters).filter(([name]) => decisive.has(name)), edits.start] : 0;
      return { key, story, parts, booked, make, apart: decideApart(story, parts), startKey: JSON.stringify([story.begins, begun]), monthly: [], yearly: [] };
    }
  }

  // Parameters on which it hangs what states do in the starting world.
  const decisive = new Set(data.parameters.filter((/** @type {any} */ one) => one.begins || ["decision", "threat", "institutions"].includes(one.mechanism)).map((/** @type {any} */ one) => one.key));

  // Whether each replicate has its own frequencies at the start: sim/start/expectation.py, alike.
  const decideApart = (/** @type {any} */ { decides }, /** @type {any} */ parts) => decides.at_all &&
    (decides.sections.some((/** @type {string} */ name) => parts[name].rows > 1) || decides.parameters.some((/** @type {number} */ column) => variesIn(parts.parameters, column)));

  const sizesOf = (/** @type {Side} */ one) => ({
    n, events: one.parts.event_table.rows, accounts: data.accounts.length + one.booked.length, steps: data.steps,
    monthly: data.columns.monthly.length, yearly: data.columns.yearly.length,
  });

  // -- jobs ----------------------------------------------------------------------------------------------------------

  /** The shares of months of a story's start, counted by all workers; null where each replicate has its own.
   * @param {Side} one */
  function sharesFor(one) {
    if (one.apart) return Promise.resolve(null);
    if (!one.story.decides.at_all) return Promise.resolve([new Float64Array(n * n), new Float64Array(n * n)]);
    const known = shares.get(one.startKey);
    if (known) return known;
    const { parts } = stretch(one.parts, 0, 1, places, data.rested, one.make), plan = writeBlock(head, layout.plan, parts);
    const each = Math.ceil(256 / team.size), jobs = [];
    for (let first = 0; first < 256; first += each) {
      const count = Math.min(each, 256 - first);
      jobs.push(team.ask(() => ({ what: "count", plan, n, first, count })));
    }
    const found = Promise.all(jobs).then((done) => {
      if (done.includes(null)) { shares.delete(one.startKey); return null; }
      return sharesOf(done.map(({ counted }) => counted));
    });
    shares.set(one.startKey, /** @type {any} */ (found));
    if (shares.size > 12) shares.delete(/** @type {string} */ (shares.keys().next().value));
    return found;
  }

  /** @param {Side} one @param {number} first @param {number} count @param {any} more */
  async function carryOut(one, first, count, more = {}) {
    const found = await sharesFor(one);
    if (found === null && !one.apart) return null;
    return team.ask(() => {
      const { parts, differ } = stretch(one.parts, first, count, places, data.rested, one.make);
      return { what: "run", plan: writeBlock(head, layout.plan, parts), sizes: sizesOf(one), first, count, rows: differ ? count : 1, shares: found, startKey: one.startKey, ...more };
    });
  }

  /** Replicates of a story up to a number; false where that was taken back. @param {Side} one @param {number} upto @param {number} each */
  async function fill(one, upto, each) {
    const jobs = [];
    for (let first = one.monthly.length; first < upto; first += each) {
      const count = Math.min(each, upto - first);
      jobs.push({ first, count, done: carryOut(one, first, count) });
    }
    for (const { first, count, done } of jobs) {
      const found = await done;
      if (!found) return false;
      if (one.monthly.length >= first + count) continue; // somebody else was first
      if (one.monthly.length !== first) return false;
      for (const kind of /** @type {const} */ (["monthly", "yearly"])) {
        const long = found[kind].length / count;
        for (let r = 0; r < count; r++) one[kind].push(found[kind].subarray(r * long, (r + 1) * long));
      }
      refined();
    }
    return true;
  }

  // -- what is shown -------------------------------------------------------------------------------------------------

  let last = 0;
  function refined() {
    if (!sides.length) return;
    const count = Math.min(...sides.map((one) => one.monthly.length));
    if (count < AT_ONCE || performance.now() - last < OFTEN) return;
    last = performance.now();
    show(snapshot());
  }

  function snapshot() {
    const [changed, unchanged] = sides, count = Math.min(changed.monthly.length, unchanged.monthly.length);
    for (let r = parted.length; r < count; r++) parted.push(firstBound(changed, unchanged, r));
    const first = Math.min(...parted.slice(0, count)), state = wanted;
    return {
      state, count, parted: monthFrom(first), same: first === Infinity,
      unlikeStart: !state.edits.both && Object.keys(state.edits.start).length > 0,
      series: (/** @type {string} */ measure, /** @type {string} */ subject) => [seriesOf(changed, measure, subject, count), seriesOf(unchanged, measure, subject, count)],
      held: changed, beside: unchanged, keys: sides.map(({ key }) => key), of: seriesOf, partedOf,
    };
  }

  const monthFrom = (/** @type {number} */ bound) => (bound === Infinity ? null : Math.max(data.start + bound - 1, data.start));

  /** The first month that differs between two stories, in any of some replicates. @param {Side} one @param {Side} other @param {number} count */
  const partedOf = (one, other, count) => monthFrom(Math.min(...Array.from({ length: count }, (_, r) => firstBound(one, other, r))));

  // The first bound at which a replicate of the one differs from that of the other, to the bit.
  function firstBound(/** @type {Side} */ one, /** @type {Side} */ other, /** @type {number} */ r) {
    let first = Infinity;
    for (const kind of /** @type {const} */ (["monthly", "yearly"])) {
      const a = one[kind][r], b = other[kind][r], wide = data.columns[kind].length;
      if (a === b) continue;
      for (let k = 0; k < a.length; k++) {
        if (a[k] === b[k] || (Number.isNaN(a[k]) && Number.isNaN(b[k]))) continue;
        const bound = Math.floor(k / wide);
        first = Math.min(first, kind === "monthly" ? bound : yearBounds[bound] ?? Infinity);
        break;
      }
    }
    return first;
  }

  const yearBounds = /** @type {number[]} */ ([]);
  for (let bound = 0; bound < data.steps; bound += 12) yearBounds.push(bound);
  yearBounds.push(data.steps);
  const everyBound = Array.from({ length: data.steps + 1 }, (_, k) => k);

  function seriesOf(/** @type {Side} */ one, /** @type {string} */ measure, /** @type {string} */ subject, /** @type {number} */ count) {
    const side = SIDES[measure], name = side === undefined ? measure : "bloc";
    for (const kind of /** @type {const} */ (["monthly", "yearly"])) {
      const columns = data.columns[kind], column = columns.findIndex((/** @type {any} */ [key, of]) => key === name && of === subject);
      if (column < 0) continue;
      const bounds = kind === "monthly" ? everyBound : yearBounds;
      const value = (/** @type {number} */ x) => side === undefined ? x : Number(x === side);
      const rows = one[kind].slice(0, count).map((row) => Float64Array.from(bounds, (_, k) => value(row[k * columns.length + column])));
      return { bounds, rows };
    }
    return { bounds: [], rows: [] };
  }

  // -- moves ---------------------------------------------------------------------------------------------------------

  async function go() {
    busy = true;
    try {
      while (true) {
        turn += 1;
        const mine = turn, state = wanted, next = sidesOf(state), old = sides;
        if (old.length && old[0].key === next[0].key && old[1].key === next[1].key) sides = old;
        else {
          sides = next.map((one) => [...old, ...next].find(({ key }) => key === one.key) ?? one);
          parted = [];
        }
        const each = Math.max(1, Math.ceil(AT_ONCE / team.size));
        last = performance.now(); // the first drawing is below
        await Promise.all([...new Set(sides)].map((one) => one.monthly.length < AT_ONCE && fill(one, AT_ONCE, each)));
        show(snapshot());
        if (wanted !== state) continue;
        busy = false; // from here on a move takes over; workers stay free for it while the hand moves
        await new Promise((resolve) => { setTimeout(resolve, QUIETLY); });
        if (mine !== turn) return;
        const whole = await Promise.all([...new Set(sides)].map((one) => fill(one, state.view.replicates, LATER)));
        if (mine === turn && whole.every(Boolean)) show(snapshot());
        return;
      }
    } catch (error) {
      busy = false;
      fail(/** @type {Error} */ (error));
    }
  }

  return {
    /** Show a state, and refine it. @param {any} state */
    move(state) {
      wanted = state;
      if (busy) return;
      team.clear();
      go();
    },
    snapshot: () => (sides.length && sides.every((one) => one.monthly.length >= AT_ONCE) ? snapshot() : null),
    /** The ledger of a pair, mean over some replicates: [changed, unchanged], each (account, month) and trust by bound.
     * @param {[string, string]} pair @param {number} count */
    async why(pair, count) {
      const cell = data.states.indexOf(pair[0]) * n + data.states.indexOf(pair[1]);
      const now = sides;
      return Promise.all(now.map(async (one) => {
        const jobs = [];
        for (let first = 0; first < count; first += LATER) jobs.push(carryOut(one, first, Math.min(LATER, count - first), { cell }));
        const found = await Promise.all(jobs);
        if (found.includes(null)) return null;
        const add = (/** @type {string} */ name) => found[0][name].map((/** @type {number} */ _, /** @type {number} */ k) => found.reduce((sum, part) => sum + part[name][k], 0) / count);
        return { accounts: [...data.accounts, ...one.booked], terms: add("ledger"), trust: add("trust") };
      }));
    },
    /** Parameters by how much a tenth more or less of each moves what is read of the two series; null where it was given up
     * meanwhile. @param {any} state @param {string} measure @param {string} subject @param {(a: any, b: any) => number} read
     * @param {(done: number, all: number) => void} tell @param {() => boolean} wanted whether it is asked for still */
    async matter(state, measure, subject, read, tell, wanted) {
      const found = [];
      for (const about of data.parameters) {
        const ends = [about.value * 0.9, about.value * 1.1].map((value) => (value === 0 ? Math.min(about.high, 0.1) : value)).map((value) => Math.min(about.high, Math.max(about.low, about.whole ? Math.round(value) : value)));
        const pairs = ends.map((value) => sidesOf({ ...state, edits: { ...state.edits, parameters: { ...state.edits.parameters, [about.key]: value } } })
          .map((one) => sides.find(({ key }) => key === one.key) ?? one)); // a story that the parameter leaves alone is there
        await Promise.all([...new Set(pairs.flat())].map(async (one) => { while (one.monthly.length < AT_ONCE && wanted() && !(await fill(one, AT_ONCE, AT_ONCE))); })); // a move takes jobs back
        if (!wanted()) return null;
        const [low, high] = pairs.map(([a, b]) => read(seriesOf(a, measure, subject, AT_ONCE), seriesOf(b, measure, subject, AT_ONCE)));
        found.push({ key: about.key, moves: Math.abs(high - low) || 0 });
        tell(found.length, data.parameters.length);
      }
      return found.sort((a, b) => b.moves - a.moves).map(({ key }) => key);
    },
    /** Everything that starting a game takes. @param {number} replicate */
    async game(replicate) {
      const [one] = sides, found = await sharesFor(one);
      const { parts } = stretch(one.parts, replicate, 1, places, data.rested, one.make);
      return { plan: writeBlock(head, layout.plan, parts), sizes: sizesOf(one), shares: found, row: replicate };
    },
  };
}
