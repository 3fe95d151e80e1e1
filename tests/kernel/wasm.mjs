// node wasm.mjs KERNEL.wasm PLAN RESULTS FIRST COUNT: carries out replicates of a plan; RESULTS is an empty block, which is
// overwritten by the filled one. Prints what was returned and the milliseconds that the call took.
import { readFileSync, writeFileSync } from "node:fs";

const [library, plan, results, first, count] = process.argv.slice(2);
const module = new WebAssembly.Module(readFileSync(library));
const unasked = (name) => () => { throw new Error(`the kernel asks for ${name}`); };
const imports = {};
for (const { module: from, name } of WebAssembly.Module.imports(module))
  (imports[from] ??= {})[name] = unasked(`${from}.${name}`);
const kernel = new WebAssembly.Instance(module, imports).exports;
kernel._initialize?.();
kernel.entente_prepare();

function put(bytes) {
  const place = kernel.entente_room(BigInt(bytes.length));
  if (!place) throw new Error("no memory");
  new Uint8Array(kernel.memory.buffer, place, bytes.length).set(bytes);
  return place;
}

const given = readFileSync(plan), empty = readFileSync(results);
const planAt = put(given), resultsAt = put(empty), control = put(new Uint8Array(16));
const began = performance.now();
const said = kernel.entente_run(planAt, BigInt(given.length), +first, +count, resultsAt, BigInt(empty.length), control);
const took = performance.now() - began;
writeFileSync(results, new Uint8Array(kernel.memory.buffer, resultsAt, empty.length));
console.log(JSON.stringify({ said, milliseconds: took, imports: WebAssembly.Module.imports(module).map((one) => one.name) }));
