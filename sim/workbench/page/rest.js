// Putting a plan to rest as sim/kernel/start.py does, and running it: what a worker does with a stretch of replicates.

import { readBlock, writeBlock } from "./block.js";

/**
 * @typedef {{head: {plan: string, results: string}, version: number, digest: string, plan: import("./block.js").Section[],
 *   results: import("./block.js").Section[]}} Layout
 * @typedef {{n: number, events: number, accounts: number, steps: number, monthly: number, yearly: number}} Sizes
 */

const TOGETHER = 16 * 256, TOGETHER_MONTHS = 16; // months and replicates whose actions are counted together
const ALONE = 256; // months, where each replicate has its own

/** In how many months each state cooperates with and confronts each other, of some of the 256 replicates counted together.
 * @param {import("./kernel.js").Kernel} kernel @param {Uint8Array} plan @param {number} n @param {number} first
 * @param {number} count */
export const countTogether = (kernel, plan, n, first, count) => kernel.frequencies(plan, n, 0, first, count, TOGETHER_MONTHS);

/** Shares of months, from the counts of stretches that are 256 replicates together.
 * @param {Float64Array[][]} counted @returns {Float64Array[]} */
export function sharesOf(counted) {
  return [0, 1].map((k) => counted[0][k].map((_, cell) => counted.reduce((sum, one) => sum + one[k][cell], 0) / TOGETHER));
}

/** Put a block to rest, in place: by shares that all replicates have, or (null) each row by its own.
 * @param {import("./kernel.js").Kernel} kernel @param {Uint8Array} plan @param {number} n @param {number} first replicate
 * @param {number} rows @param {Float64Array[] | null} shares
 * @param {((replicate: number, count: () => Float64Array[]) => Float64Array[])} known what was counted before */
export function rest(kernel, plan, n, first, rows, shares, known = (_, count) => count()) {
  for (let row = 0; row < rows; row++) {
    const count = () => kernel.frequencies(plan, n, row, first + row, 1, ALONE).map((counts) => counts.map((value) => value / ALONE));
    kernel.rest(plan, row, shares ?? known(first + row, count));
  }
}

/** An empty block of results.
 * @param {Layout} layout @param {Sizes} sizes @param {number} count @param {boolean} dyads */
function blankResults(layout, sizes, count, dyads = false) {
  const { n, events, accounts, steps, monthly, yearly } = sizes;
  const bounds = steps + 1, cells = n * n, each = dyads ? count : 0;
  const shapes = /** @type {Record<string, [number, number]>} */ ({
    monthly: [count, bounds * monthly], yearly: [count, (Math.floor((steps + 11) / 12) + 1) * yearly],
    affinity: [count, bounds * n], capability: [count, bounds * n], pacts: [count, bounds * n], started: [count, events],
    dyads_trust: [each, bounds * cells], dyads_action: [each, bounds * cells], dyads_tie: [each, bounds * cells],
    dyads_crisis: [each, bounds * cells], ledger: [0, accounts * steps * cells], ledger_sum: [1, accounts * steps * cells],
    trust_sum: [1, bounds * cells], rising: [1, cells], fault: [1, 3],
  });
  const parts = Object.fromEntries(layout.results.map(({ name }) => [name, { rows: shapes[name][0], each: shapes[name][1] }]));
  return writeBlock({ magic: layout.head.results, version: layout.version, digest: layout.digest }, layout.results, parts);
}

/** A stretch of replicates carried out: its measures, and its sums.
 * @param {import("./kernel.js").Kernel} kernel @param {Layout} layout @param {Sizes} sizes @param {Uint8Array} plan at rest
 * @param {number} count */
export function carryOut(kernel, layout, sizes, plan, count) {
  return readBlock(kernel.run(plan, count, blankResults(layout, sizes, count)), layout.results);
}
