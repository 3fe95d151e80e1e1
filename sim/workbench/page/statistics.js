// Statistics over replicates: what sim/questions/effect.py and sim/questions/compare/difference.py compute.

const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95];
/** Below this many replicates intervals and shares say nothing. */
export const FEW = 20;
const CHANCE = 0.05, LEVEL = 0.9;

/** Quantiles of some values, linear between them; nan where there is none.
 * @param {Float64Array | number[]} values @param {number[]} at @returns {number[]} */
export function quantiles(values, at = QUANTILES) {
  const known = Float64Array.from(values).filter((value) => !Number.isNaN(value)).sort();
  const last = known.length - 1;
  return at.map((share) => {
    if (last < 0) return NaN;
    const place = share * last, low = Math.floor(place), high = Math.min(low + 1, last);
    return known[low] + (known[high] - known[low]) * (place - low);
  });
}

/** @param {ArrayLike<number>} values */
export function meanOf(values) {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k];
  return values.length ? sum / values.length : NaN;
}

/** The sample variance. @param {ArrayLike<number>} values */
export function variance(values) {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  let squares = 0;
  for (let k = 0; k < values.length; k++) squares += (values[k] - mean) ** 2;
  return squares / (values.length - 1);
}

/**
 * @typedef {{mean: number, low: number, high: number, error: number, above: number, below: number, same: number,
 *   count: number, freedom: number}} Effect
 */

/** A mean difference with its 90 % interval (Student's t), and the shares of the pairs above, below and at zero.
 * @param {Float64Array} differences by replicate @returns {Effect} */
export function effectOf(differences) {
  const known = differences.filter(Number.isFinite), count = known.length;
  if (!count) return { mean: NaN, low: NaN, high: NaN, error: NaN, above: NaN, below: NaN, same: NaN, count: 0, freedom: NaN };
  const mean = meanOf(known), error = count > 1 ? Math.sqrt(variance(known)) / Math.sqrt(count) : NaN;
  const reach = Number.isFinite(error) ? studentQuantile(count - 1, (1 + LEVEL) / 2) * error : NaN;
  const share = (/** @type {(value: number) => boolean} */ is) => known.filter(is).length / count;
  return {
    mean, low: mean - reach, high: mean + reach, error, count, freedom: count - 1,
    above: share((value) => value > 0), below: share((value) => value < 0), same: share((value) => value === 0),
  };
}

/** `higher` or `lower` where luck does not explain it, else nothing. @param {Effect} effect */
export function direction(effect) {
  const size = effect.error > 0 ? Math.abs(effect.mean) / effect.error : effect.error === 0 && effect.mean ? Infinity : 0;
  if (effect.count < FEW || !size) return "";
  const luck = size === Infinity ? 0 : 2 * studentTail(effect.freedom, size);
  const differing = Math.round((effect.above + effect.below) * effect.count);
  if (luck > CHANCE || differing < Math.log2(2 / CHANCE)) return "";
  return effect.mean > 0 ? "higher" : "lower";
}

// -- Student's t: by the incomplete beta function's continued fraction (Lentz) ------------------------------------------

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** The logarithm of the gamma function, for positive numbers. @param {number} x @returns {number} */
function logGamma(x) {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const t = x + 6.5;
  let sum = LANCZOS[0];
  for (let k = 1; k < LANCZOS.length; k++) sum += LANCZOS[k] / (x - 1 + k);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** I_x(a, b). @param {number} x @param {number} a @param {number} b @returns {number} */
function incompleteBeta(x, a, b) {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let f = 1, c = 1, d = 0;
  for (let k = 0; k <= 500; k++) {
    const m = k >> 1;
    const step = k === 0 ? 1
      : k % 2 ? (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
        : (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + step * d || 1e-300);
    c = 1 + step / c || 1e-300;
    f *= c * d;
    if (Math.abs(1 - c * d) < 1e-16) break;
  }
  return front * (f - 1);
}

/** The probability of a value beyond t. @param {number} freedom @param {number} t positive */
export const studentTail = (freedom, t) => incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;

const quantilesOf = /** @type {Map<string, number>} */ (new Map());

/** The value below which a share lies, above one half. @param {number} freedom @param {number} share @returns {number} */
export function studentQuantile(freedom, share) {
  const key = `${freedom} ${share}`, known = quantilesOf.get(key);
  if (known !== undefined) return known;
  let low = 0, high = 1;
  while (studentTail(freedom, high) > 1 - share) high *= 2;
  for (let k = 0; k < 200 && high - low > 0; k++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (studentTail(freedom, middle) > 1 - share) low = middle; else high = middle;
  }
  quantilesOf.set(key, high);
  return high;
}
