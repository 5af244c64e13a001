// How many tokens each node generates per second now: those of the last 20 seconds. Tokens of an answer that is being generated are
// estimated from its text.
export const OUTPUT_WINDOW_MS = 20_000;
/** Tokens within this time are counted together, so a node has few entries. */
const PART_MS = 2000;
/** An answer that has just begun shows no rate of thousands. */
const LEAST_MS = 1000;
const FIRST_SWEEP = 64;

interface Output {
  /** When the first of these tokens was generated. */
  readonly sinceMonotonicMs: number;
  readonly parts: { readonly atMonotonicMs: number; tokens: number }[];
}

export class NodeOutput {
  readonly #outputs = new Map<string, Output>();
  #sweepAtSize = FIRST_SWEEP;

  /** `spanMs`: for how long these tokens were generated. 0: now. Of a longer time than the window, the last part counts. */
  add(nodeId: string, tokens: number, spanMs: number, nowMonotonicMs: number): void {
    if (tokens <= 0) return;
    const seen = spanMs > OUTPUT_WINDOW_MS ? (tokens * OUTPUT_WINDOW_MS) / spanMs : tokens;
    const startMonotonicMs = nowMonotonicMs - Math.min(spanMs, OUTPUT_WINDOW_MS);
    const output = this.#recent(nodeId, nowMonotonicMs);
    const last = output?.parts.at(-1);
    if (output === null) {
      this.#outputs.set(nodeId, { sinceMonotonicMs: startMonotonicMs, parts: [{ atMonotonicMs: nowMonotonicMs, tokens: seen }] });
      if (this.#outputs.size >= this.#sweepAtSize) this.#sweep(nowMonotonicMs);
    } else if (last !== undefined && nowMonotonicMs - last.atMonotonicMs < PART_MS) last.tokens += seen;
    else output.parts.push({ atMonotonicMs: nowMonotonicMs, tokens: seen });
  }

  /** Null: not known, because nothing was generated lately. */
  tokensPerSecond(nodeId: string, nowMonotonicMs: number): number | null {
    const output = this.#recent(nodeId, nowMonotonicMs);
    if (output === null) return null;
    const tokens = output.parts.reduce((sum, part) => sum + part.tokens, 0);
    const spanMs = Math.min(OUTPUT_WINDOW_MS, Math.max(LEAST_MS, nowMonotonicMs - output.sinceMonotonicMs));
    return Math.round((tokens * 10_000) / spanMs) / 10;
  }

  #recent(nodeId: string, nowMonotonicMs: number): Output | null {
    const output = this.#outputs.get(nodeId);
    if (output === undefined) return null;
    while ((output.parts[0]?.atMonotonicMs ?? Infinity) < nowMonotonicMs - OUTPUT_WINDOW_MS) output.parts.shift();
    if (output.parts.length > 0) return output;
    this.#outputs.delete(nodeId);
    return null;
  }

  /** Nodes that left are forgotten, at a cost that is small beside that of the additions. */
  #sweep(nowMonotonicMs: number): void {
    for (const nodeId of [...this.#outputs.keys()]) this.#recent(nodeId, nowMonotonicMs);
    this.#sweepAtSize = Math.max(FIRST_SWEEP, 2 * this.#outputs.size);
  }
}
