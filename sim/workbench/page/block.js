// Blocks of bytes as sim/kernel/layout.py lays them out: a header, a directory, sections at multiples of 64 bytes.

const HEADER = 32, ENTRY = 24, ALIGN = 64;
const KINDS = /** @type {Record<string, any>} */ ({
  "<f8": Float64Array, "<f4": Float32Array, "<i4": Int32Array, "|i1": Int8Array, "<u2": Uint16Array, "<u8": BigUint64Array,
});

/**
 * @typedef {{name: string, dtype: string}} Section
 * @typedef {{rows: number, each: number, data: any}} Part
 * @typedef {Record<string, Part>} Parts
 */

/** The sections of a block by name, each a copy; row by row.
 * @param {Uint8Array} bytes @param {Section[]} sections @returns {Parts} */
export function readBlock(bytes, sections) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** @type {Parts} */
  const parts = {};
  sections.forEach(({ name, dtype }, k) => {
    const [offset, rows, each] = [0, 8, 16].map((at) => Number(view.getBigUint64(HEADER + k * ENTRY + at, true)));
    const Kind = KINDS[dtype], size = rows * each * Kind.BYTES_PER_ELEMENT;
    parts[name] = { rows, each, data: new Kind(bytes.slice(offset, offset + size).buffer) };
  });
  return parts;
}

/** How long a block is, and where its sections begin.
 * @param {Section[]} sections @param {Record<string, {rows: number, each: number}>} shapes */
export function layOut(sections, shapes) {
  const up = (/** @type {number} */ size) => Math.ceil(size / ALIGN) * ALIGN;
  let at = up(HEADER + ENTRY * sections.length);
  const offsets = sections.map(({ name, dtype }) => {
    const here = at, { rows, each } = shapes[name];
    at += up(rows * each * KINDS[dtype].BYTES_PER_ELEMENT);
    return here;
  });
  return { offsets, bytes: at };
}

/** A block; a part without data is zeros.
 * @param {{magic: string, version: number, digest: string}} head @param {Section[]} sections
 * @param {Record<string, {rows: number, each: number, data?: any}>} parts @returns {Uint8Array} */
export function writeBlock(head, sections, parts) {
  const { offsets, bytes } = layOut(sections, parts);
  const block = new Uint8Array(bytes), view = new DataView(block.buffer);
  for (let k = 0; k < head.magic.length; k++) block[k] = head.magic.charCodeAt(k);
  view.setUint32(8, head.version, true);
  view.setUint32(12, sections.length, true);
  view.setBigUint64(16, BigInt(bytes), true);
  view.setBigUint64(24, BigInt(head.digest), true);
  sections.forEach(({ name }, k) => {
    const { rows, each, data } = parts[name];
    [offsets[k], rows, each].forEach((value, n) => view.setBigUint64(HEADER + k * ENTRY + 8 * n, BigInt(value), true));
    if (data) block.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offsets[k]);
  });
  return block;
}

/** The plan of a stretch of a plan's replicates: what has a row each is cut out, the rest is shared.
 * @param {Parts} parts of a plan @param {number} first @param {number} count @param {Record<string, number>} places of counts
 * @param {string[]} rested sections that the kernel fills, a row each where replicates differ
 * @param {((first: number, count: number) => Parts) | null} make what of the start is worked out, a row or one each */
export function stretch(parts, first, count, places, rested, make = null) {
  const whole = parts.counts.data[places.replicates];
  const differ = Object.entries(parts).some(([name, part]) => !rested.includes(name) && isEach(name, part, whole));
  /** @type {Parts} */
  const cut = {};
  for (const [name, part] of Object.entries(parts)) {
    if (differ && rested.includes(name)) cut[name] = { rows: count, each: part.each, data: null };
    else if (differ && isEach(name, part, whole)) {
      cut[name] = { rows: count, each: part.each, data: part.data.slice(first * part.each, (first + count) * part.each) };
    } else cut[name] = part;
  }
  if (make) Object.assign(cut, make(first, count));
  cut.counts = { ...parts.counts, data: parts.counts.data.slice() };
  cut.counts.data[places.replicates] = count;
  cut.replicate = { rows: 1, each: 1, data: BigUint64Array.of(parts.replicate.data[0] + BigInt(first)) };
  return { parts: cut, differ };
}

const TABLES = ["event_table", "condition_table", "sets"]; // their rows are not replicates
const isEach = (/** @type {string} */ name, /** @type {Part} */ part, /** @type {number} */ whole) =>
  part.rows > 1 && part.rows === whole && !TABLES.includes(name);
