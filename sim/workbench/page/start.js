// The starting world's parts that hang on parameters and votes, worked out again: sim/start/world.py, to the bit (ODD E1 to E4).

/** @typedef {import("./block.js").Parts} Parts */

const DEFENCE = 2, CONSULTATION = 1;
const clip = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) => Math.min(Math.max(value, low), high);

/** Conflict of interest of every dyad. @param {Parts} parts @param {number} n @param {(key: string) => number} p */
export function conflicts(parts, n, p) {
  const [base, rivalry, border] = ["base", "rivalry", "border"].map((name) => p(`decision.conflict_${name}`));
  return Float64Array.from({ length: n * n }, (_, c) => {
    const near = parts.land.data[c] === 1 && parts.tie.data[c] !== DEFENCE ? 1 : 0;
    return clip(base + rivalry * parts.rivalry.data[c] + border * near, 0, 1) * (other(c, n) ? 1 : 0);
  });
}

/** Anchors, their bases, and trust at the start.
 * @param {Parts} parts @param {number} n @param {(key: string) => number} p
 * @param {{anchors: [number, number, number][], limit: number}} given */
export function anchors(parts, n, p, given) {
  const [level, pact, consultation, distance, rivalry] = ["level", "pact", "consultation", "distance", "rivalry"].map((name) => p(`anchor.${name}`));
  const x = parts.affinity_start.data, tie = parts.tie.data;
  const base = new Float64Array(n * n), movable = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const c = i * n + j;
      base[c] = level + consultation * (tie[c] === CONSULTATION ? 1 : 0) - rivalry * parts.rivalry.data[c];
      movable[c] = pact * (tie[c] === DEFENCE ? 1 : 0) - distance * Math.abs(x[i] - x[j]);
    }
  }
  for (const [i, j, anchor] of given.anchors) base[i * n + j] = anchor - movable[i * n + j];
  const anchor = base.map((value, c) => clip(value + movable[c], -1, 1) * (other(c, n) ? 1 : 0));
  return {
    anchor_base: base.map((value, c) => value * (other(c, n) ? 1 : 0)),
    anchor,
    trust: anchor.map((value) => clip(value, -given.limit, given.limit)),
  };
}

const other = (/** @type {number} */ cell, /** @type {number} */ n) => Math.floor(cell / n) !== cell % n;
