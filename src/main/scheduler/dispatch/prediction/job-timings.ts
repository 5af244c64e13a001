// The timings that a node reports with the result of an attempt (protocol §2). They are claims of the node: within the limits of the
// protocol, and not checked against the duration of the attempt.

/** Durations as the node or its model server measured them. Null: unknown. */
export interface JobTimings {
  /** From the arrival of the assignment to the start of the request to the model server. */
  readonly queueMs: number | null;
  readonly loadMs: number | null;
  /** From the start of the request to the first token, without `loadMs`: the time for the prompt. */
  readonly firstTokenMs: number | null;
  /** With the tokens from the cache. */
  readonly promptTokens: number | null;
  /** At most `promptTokens`. */
  readonly cachedTokens: number | null;
  readonly completionTokens: number | null;
  /** From the first token to the last one. */
  readonly decodeMs: number | null;
  /** Seconds of sound, characters or bytes, by the kind of the model (protocol §2). */
  readonly inputUnits: number | null;
}
