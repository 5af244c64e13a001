// The GPU memory that a model needs, estimated from its name. The pool has no other source for a model that no node has.

/** Billions of parameters, such as 30 in `qwen3-coder:30b`; `8x7b` has 8 experts of 7. */
const PARAMETERS = /(?<![a-z0-9.])(?:(\d{1,3})x)?(\d{1,4}(?:\.\d{1,3})?)b(?![a-z0-9])/gi;
/** GB for a billion parameters, by the precision that the name states. The first match counts. */
const GB_PER_BILLION: readonly (readonly [pattern: RegExp, gb: number])[] = [
  [/(?:f|fp|bf)16|16bit/i, 2.1],
  [/q8|int8|fp8|8bit/i, 1.1],
  [/q6|6bit/i, 0.85],
  [/q5|5bit/i, 0.72],
  [/q3|3bit/i, 0.48],
  [/q2|2bit/i, 0.38],
];
/** Four bits, as most servers of a home computer use. */
const USUAL_GB_PER_BILLION = 0.6;
/** Context and buffers. */
const FIXED_GB = 0.6;

/** GB. Null: the name states no size. */
export function estimatedVramGb(modelId: string): number | null {
  const sizes = [...modelId.matchAll(PARAMETERS)].map(([, experts = '1', billions = '0']) => Number(experts) * Number(billions));
  const billions = Math.max(0, ...sizes);
  if (billions === 0) return null;
  const perBillion = GB_PER_BILLION.find(([pattern]) => pattern.test(modelId))?.[1] ?? USUAL_GB_PER_BILLION;
  return Math.round((billions * perBillion + FIXED_GB) * 10) / 10;
}
