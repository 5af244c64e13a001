// Checks the chunks of an attempt on their way to the client (ADR 0018). Chunks before the first one with content are held back: while
// nothing was passed on, another node can serve the request. Nearly every stream begins with content, so nothing is delayed.

/** The chunks of the attempt that arrived, up to the first gap. */
export interface SeenChunks {
  /** Null: the attempt began before this scheduler did. */
  readonly count: number | null;
  readonly hasContent: boolean;
}

export interface Chunk {
  readonly seq: number;
  readonly data: unknown;
}

export interface StreamCheck extends SeenChunks {
  readonly attempt: number;
  readonly held: readonly Chunk[];
}

/** Some servers begin with a chunk of metadata. More chunks without content are not the stream of a path. */
const MAX_HELD = 4;

export const NO_CHUNKS: SeenChunks = { count: 0, hasContent: false };

/** `pass`: the chunks for the client. Null: a chunk is not one of this path. */
export function onChunk(
  check: StreamCheck | null,
  path: string | null,
  attempt: number,
  chunk: Chunk,
): { readonly check: StreamCheck; readonly pass: readonly Chunk[] | null } {
  const { seq, data } = chunk;
  const before = check?.attempt === attempt ? check : startOf(attempt);
  const next = { ...before, count: seq === (before.count ?? 0) ? seq + 1 : before.count };
  // The client would refuse a stream without its beginning, unless it has it. Another node can still serve the request.
  if (path !== null && next.count === null && !next.hasContent) return { check: next, pass: null };
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return { check: next, pass: null };
  if (next.hasContent) return { check: next, pass: [chunk] };
  const held = [...next.held, chunk];
  if (hasContent(path, data)) return { check: { ...next, hasContent: true, held: [] }, pass: held };
  return { check: { ...next, held }, pass: held.length > MAX_HELD ? null : [] };
}

const startOf = (attempt: number): StreamCheck => ({ attempt, count: null, hasContent: false, held: [] });

/** The client has a part of the stream, from an earlier scheduler. Its node may not have the first chunks any more. */
export const begunStream = (attempt: number): StreamCheck => ({ ...startOf(attempt), hasContent: true });

/**
 * A chunk of a chat or a completion has choices with a change, a text or an end. An event of the Messages or the Responses API has a type.
 * The other paths have many kinds of chunks.
 */
export function hasContent(path: string | null, data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false;
  if (path === '/v1/messages' || path === '/v1/responses') return 'type' in data && typeof data.type === 'string';
  if (path !== '/v1/chat/completions' && path !== '/v1/completions') return true;
  return 'choices' in data && Array.isArray(data.choices) && data.choices.some(isChoice);
}

function isChoice(choice: unknown): boolean {
  if (typeof choice !== 'object' || choice === null) return false;
  const { delta, message, text, finish_reason: end } = choice as Readonly<Record<string, unknown>>;
  return [delta, message].some(isFilledObject) || typeof text === 'string' || typeof end === 'string';
}

const isFilledObject = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length > 0;
