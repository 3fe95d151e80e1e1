// The kernel in this thread: what sim/kernel/library.py does, for a page (docs/kernel.md).

/**
 * @typedef {{run: (plan: Uint8Array, count: number, blank: Uint8Array) => Uint8Array,
 *   frequencies: (plan: Uint8Array, n: number, row: number, number: number, count: number, months: number) => Float64Array[],
 *   rest: (plan: Uint8Array, row: number, shares: Float64Array[]) => void,
 *   game: (plan: Uint8Array) => any}} Kernel
 */

const SAID = /** @type {Record<string, string>} */ ({ "-1": "does not understand a block", "-2": "has no memory left", "-3": "met a number that is not finite" });

/** @param {BufferSource} bytes of kernel.wasm @param {bigint} digest of the layout that the page was made for
 * @returns {Promise<Kernel>} */
export async function startKernel(bytes, digest) {
  const module = await WebAssembly.compile(bytes);
  const imports = /** @type {any} */ ({});
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = () => { throw new Error(`the kernel asks for ${name}`); };
  }
  const wasm = /** @type {any} */ ((await WebAssembly.instantiate(module, imports)).exports);
  wasm._initialize?.();
  wasm.entente_prepare();
  if (BigInt.asUintN(64, wasm.entente_layout()) !== digest) throw new Error("the kernel is of another version than the page");

  const rooms = new Map(); // one of each use, made larger when need be
  function room(/** @type {string} */ use, /** @type {number} */ size) {
    let held = rooms.get(use);
    if (!held || held.size < size) {
      if (held) wasm.entente_give_back(held.at);
      held = { at: wasm.entente_room(BigInt(size)), size };
      if (!held.at) throw new Error("the kernel has no memory left");
      rooms.set(use, held);
    }
    return held.at;
  }
  const bytesAt = (/** @type {number} */ at, /** @type {number} */ size) => new Uint8Array(wasm.memory.buffer, at, size);
  function put(/** @type {string} */ use, /** @type {Uint8Array} */ given) {
    const at = room(use, given.byteLength);
    bytesAt(at, given.byteLength).set(given);
    return at;
  }
  function fine(/** @type {number} */ said) {
    if (said !== 0) throw new Error(`the kernel ${SAID[said] ?? "stopped"}`);
  }
  const size = (/** @type {ArrayBufferView} */ given) => BigInt(given.byteLength);
  const control = () => put("control", new Uint8Array(16));

  return {
    // The results of the first replicates of a plan, in a block shaped like a blank one.
    run(plan, count, blank) {
      const at = put("plan", plan), to = put("results", blank);
      fine(wasm.entente_run(at, size(plan), 0, count, to, size(blank), control()));
      return bytesAt(to, blank.byteLength).slice();
    },
    // In how many months each state cooperates with and confronts each other, two arrays of (n, n).
    frequencies(plan, n, row, number, count, months) {
      const at = put("plan", plan), zeros = new Uint8Array(8 * n * n);
      const [one, other] = [put("cooperates", zeros), put("confronts", zeros)];
      fine(wasm.entente_frequencies(at, size(plan), row, BigInt(number), count, months, one, other, control()));
      return [one, other].map((place) => new Float64Array(bytesAt(place, 8 * n * n).slice().buffer));
    },
    // Put a row of a plan to rest, in place.
    rest(plan, row, shares) {
      const at = put("plan", plan);
      const places = shares.map((share, k) => put(`share${k}`, new Uint8Array(share.buffer, share.byteOffset, share.byteLength)));
      fine(wasm.entente_rest(at, size(plan), row, ...places));
      plan.set(bytesAt(at, plan.byteLength));
    },
    // A replicate of a plan month by month: row 0 of it.
    game(plan) {
      const at = put("game", plan), held = wasm.entente_state_bytes(at, size(plan));
      if (held < 0n) fine(Number(held));
      const bytes = Number(held);
      return {
        begin() {
          const to = room("state", bytes);
          fine(wasm.entente_begin(at, size(plan), 0, to, held));
          return bytesAt(to, bytes).slice();
        },
        step(/** @type {Uint8Array} */ state, /** @type {number} */ month, /** @type {Int8Array | null} */ imposed) {
          const to = put("state", state), given = imposed ? put("imposed", new Uint8Array(imposed.buffer)) : 0;
          fine(wasm.entente_step(at, size(plan), 0, month, to, held, given, 0));
          return bytesAt(to, bytes).slice();
        },
      };
    },
  };
}
