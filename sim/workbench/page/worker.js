// What runs beside the page: one kernel, one job at a time.

import { startKernel } from "./kernel.js";
import { carryOut, countTogether, rest } from "./rest.js";

let kernel = /** @type {any} */ (null), layout = /** @type {any} */ (null);
let game = /** @type {any} */ (null);

const ROOM = 16e6; // bytes of shares that are remembered
const counted = /** @type {Map<string, Float64Array[]>} */ (new Map());

// The shares of one replicate's start, counted once. @param {string} startKey
function remembering(/** @type {string} */ startKey, /** @type {number} */ n) {
  return (/** @type {number} */ replicate, /** @type {() => Float64Array[]} */ count) => {
    const key = `${replicate} ${startKey}`, found = counted.get(key) ?? count();
    counted.delete(key);
    counted.set(key, found); // the latest last
    if (counted.size * 16 * n * n > ROOM) counted.delete(/** @type {string} */ (counted.keys().next().value));
    return found;
  };
}

const JOBS = /** @type {Record<string, (job: any) => any>} */ ({
  async begin(job) {
    layout = job.layout;
    kernel = await startKernel(job.wasm, BigInt(layout.digest));
    return {};
  },
  count: ({ plan, n, first, count }) => ({ counted: countTogether(kernel, plan, n, first, count) }),
  run({ plan, sizes, first, count, rows, shares, startKey, cell }) {
    rest(kernel, plan, sizes.n, first, rows, shares, remembering(startKey, sizes.n));
    const got = carryOut(kernel, layout, sizes, plan, count), cells = sizes.n * sizes.n;
    if (cell === undefined) return { monthly: got.monthly.data, yearly: got.yearly.data };
    const of = (/** @type {any} */ sums, /** @type {number} */ long) => Float64Array.from({ length: long }, (_, k) => sums.data[k * cells + cell]);
    return { ledger: of(got.ledger_sum, sizes.accounts * sizes.steps), trust: of(got.trust_sum, sizes.steps + 1) };
  },
  play({ plan, sizes, shares, row }) {
    rest(kernel, plan, sizes.n, row, 1, shares);
    game = kernel.game(plan);
    return { state: game.begin() };
  },
  step: ({ state, month, imposed }) => ({ state: game.step(state, month, imposed) }),
});

addEventListener("message", async ({ data: { id, what, ...job } }) => {
  try {
    const found = await JOBS[what](job);
    const moved = ["monthly", "yearly"].filter((name) => found[name]).map((name) => found[name].buffer);
    /** @type {any} */ (self).postMessage({ id, found }, moved);
  } catch (error) {
    /** @type {any} */ (self).postMessage({ id, error: String(/** @type {Error} */ (error).message) });
  }
});
