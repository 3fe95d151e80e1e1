// The starting world's parts that hang on parameters, votes and power, worked out again: sim/start/world.py (ODD E1 to E4) and
// the sides of sim/mechanisms/blocs.py, to the bit.

/** @typedef {import("./block.js").Parts} Parts */

const DEFENCE = 2, CONSULTATION = 1, NON_ALIGNED = 0, EAST = 1, WEST = 2;
const clip = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) => Math.min(Math.max(value, low), high);
const one = (/** @type {boolean} */ is) => (is ? 1 : 0);
const others = (/** @type {number} */ cell, /** @type {number} */ n) => one(Math.floor(cell / n) !== cell % n);

/** Sections that the start's may hang on. */
const FROM = ["affinity_start", "capability", "core", "land", "rivalry", "tie"];

/** What of the start is worked out, of some replicates: one row where they begin alike, else a row each.
 * @param {any} begin what the page knows of the start @param {Parts} parts of a plan @param {number} n
 * @param {(key: string) => number} place of a parameter @param {number} first @param {number} count @returns {Parts} */
export function startOf(begin, parts, n, place, first, count) {
  const { rows, each, data: table } = parts.parameters, whole = rows > 1 ? rows : 1;
  const apart = FROM.some((name) => parts[name].rows > 1) || begin.keys.some((/** @type {string} */ key) => variesIn(parts.parameters, place(key)));
  /** @type {Parts} */
  const found = {};
  for (let k = 0; k < (apart ? count : 1); k++) {
    const row = apart ? first + k : 0, own = { ...parts };
    for (const name of FROM) {
      const { rows: many, each: wide, data } = parts[name];
      own[name] = { rows: 1, each: wide, data: many > 1 ? data.subarray(row * wide, (row + 1) * wide) : data };
    }
    restart(begin, own, n, (key) => table[(whole > 1 ? row : 0) * each + place(key)]);
    for (const name of MADE) {
      const { each: wide, data } = own[name];
      found[name] ??= { rows: apart ? count : 1, each: wide, data: new data.constructor(wide * (apart ? count : 1)) };
      found[name].data.set(data.subarray(0, wide), k * wide);
    }
  }
  return found;
}

const MADE = ["conflict", "anchor", "anchor_base", "trust", "regard", "bloc"];

/** Whether replicates have different numbers in a column. @param {import("./block.js").Part} part @param {number} column */
export function variesIn({ rows, each, data }, column) {
  for (let row = 1; row < rows; row++) if (data[row * each + column] !== data[column]) return true;
  return false;
}

/** Work out again what hangs on parameters, votes and power, in place. @param {any} begin @param {Parts} parts of one replicate
 * @param {number} n @param {(key: string) => number} p the parameters as they are now */
function restart(begin, parts, n, p) {
  const put = (/** @type {string} */ name, /** @type {any} */ data) => { parts[name] = { rows: 1, each: data.length, data }; };
  if (begin.hazards === "classes") put("conflict", conflicts(parts, n, p));
  for (const [name, data] of Object.entries(anchors(begin, parts, n, p))) put(name, data);
  if (begin.regard !== "commitment") return;
  put("regard", regards(parts, n, p));
  put("bloc", settledSides(begin, parts, n, p));
}

/** Conflict of interest of every dyad, by its class. @param {Parts} parts @param {number} n @param {(key: string) => number} p */
function conflicts(parts, n, p) {
  const [base, rivalry, border] = ["base", "rivalry", "border"].map((name) => p(`decision.conflict_${name}`));
  return Float64Array.from({ length: n * n }, (_, c) => {
    const near = one(parts.land.data[c] === 1 && parts.tie.data[c] !== DEFENCE);
    return clip(base + rivalry * parts.rivalry.data[c] + border * near, 0, 1) * others(c, n);
  });
}

/** Anchors, their bases, and trust at the start: by the hand rule, or from the record of grounds.
 * @param {any} begin @param {Parts} parts @param {number} n @param {(key: string) => number} p */
function anchors(begin, parts, n, p) {
  const x = parts.affinity_start.data, tie = parts.tie.data, rivals = parts.rivalry.data;
  const apart = (/** @type {number} */ c) => Math.abs(x[Math.floor(c / n)] - x[c % n]);
  const rule = (/** @type {any} */ q, /** @type {number} */ c) => [
    q.level + q.consultation * one(tie[c] === CONSULTATION) - q.rivalry * rivals[c],
    q.pact * one(tie[c] === DEFENCE) - q.distance * apart(c),
  ];
  const own = Object.fromEntries(["level", "consultation", "rivalry", "pact", "distance"].map((name) => [name, p(`anchor.${name}`)]));
  const base = new Float64Array(n * n), movable = new Float64Array(n * n), found = new Float64Array(n * n);
  const record = begin.rule === "record", [weight, lasting] = record ? [p("anchor.weight"), p("anchor.lasting")] : [0, 0];
  for (let c = 0; c < n * n; c++) {
    [base[c], movable[c]] = rule(own, c);
    if (!record) continue;
    const { tone, record: told, events, known } = begin.grounds, hand = rule(begin.hand, c);
    const share = events[c] / (events[c] + weight), limit = clip(hand[0] + hand[1], -1, 1);
    const kept = clip(share * told[c] + (1 - share) * tone[c], -begin.most, begin.most);
    const [structure, past] = known[c] ? [tone[c], kept] : [limit, limit];
    base[c] = structure + lasting * (past - structure) - movable[c];
    found[c] = past * others(c, n);
  }
  for (const [i, j, anchor] of begin.anchors) {
    base[i * n + j] = anchor - movable[i * n + j];
    found[i * n + j] = anchor;
  }
  const anchor = base.map((value, c) => clip(value + movable[c], -1, 1) * others(c, n));
  return {
    anchor_base: base.map((value, c) => value * others(c, n)), anchor,
    trust: record ? found : anchor.map((value) => clip(value, -begin.limit, begin.limit)),
  };
}

/** Symmetrised trust with commitments. @param {Parts} parts @param {number} n @param {(key: string) => number} p */
function regards(parts, n, p) {
  const tie = parts.tie.data, trust = parts.trust.data, side = committed(parts, n);
  const [pact, consultation, opposed] = ["pact", "consultation", "opposed"].map((name) => p(`blocs.${name}`));
  return Float64Array.from({ length: n * n }, (_, c) => {
    const i = Math.floor(c / n), j = c % n;
    if (i === j) return 0;
    const apart = one(side[i] * side[j] === EAST * WEST);
    return 0.5 * (trust[c] + trust[j * n + i]) + (pact * one(tie[c] === DEFENCE) + consultation * one(tie[c] === CONSULTATION)) - opposed * apart;
  });
}

/** How many states of each core a state has a pact with. @param {Parts} parts @param {number} n @param {number} i @param {number} side */
function pactsWith(parts, n, i, side) {
  let count = 0;
  for (let j = 0; j < n; j++) count += one(parts.tie.data[i * n + j] === DEFENCE && parts.core.data[j] === side);
  return count;
}

/** The side that each state is bound to: of its core, else of the one core with which it has a pact.
 * @param {Parts} parts @param {number} n @returns {number[]} */
function committed(parts, n) {
  return Array.from({ length: n }, (_, i) => {
    const [east, west] = [EAST, WEST].map((side) => pactsWith(parts, n, i, side) > 0);
    return parts.core.data[i] || (east && !west ? EAST : west && !east ? WEST : NON_ALIGNED);
  });
}

/** The sides from which no state would move, reached one state after the other. @param {any} begin @param {Parts} parts
 * @param {number} n @param {(key: string) => number} p */
function settledSides(begin, parts, n, p) {
  const power = parts.capability.data, whole = power.reduce((/** @type {number} */ sum, /** @type {number} */ part) => sum + part, 0), core = parts.core.data;
  const [threshold, saved, switching] = ["threshold", "non_alignment", "switching"].map((name) => p(`blocs.${name}`));
  const codes = parts.state_codes.data, order = Array.from({ length: n }, (_, k) => k).sort((a, b) => (codes[a] < codes[b] ? -1 : 1));
  const bloc = Int8Array.from({ length: n }, (_, i) => {
    const [east, west] = [EAST, WEST].map((side) => pactsWith(parts, n, i, side));
    return core[i] || (east > west ? EAST : west > east ? WEST : NON_ALIGNED);
  });
  for (let round = 0; round < begin.rounds; round++) {
    let moved = false;
    for (const k of order) {
      const pull = [0, 0, 0];
      for (let j = 0; j < n; j++) if (j !== k) pull[bloc[j]] += (parts.regard.data[k * n + j] - threshold) * (power[j] / whole);
      const [undecided, east, west] = pull;
      const frustration = [0.5 * (undecided + east + west) - saved, 0.5 * undecided + west, 0.5 * undecided + east].map((value, side) => value + switching * one(side !== bloc[k]));
      const side = core[k] || frustration.indexOf(Math.min(...frustration));
      moved ||= side !== bloc[k];
      bloc[k] = side;
    }
    if (!moved) break;
  }
  return bloc;
}
