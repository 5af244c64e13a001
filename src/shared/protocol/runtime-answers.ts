// Which answers of a runtime may reach a client of the pool: statuses and content types. The agent decides by this table, and the scheduler
// checks by the same table what a node says, because a node may be faulty or lie. No other header of a runtime reaches a client.

export type AnswerKind =
  /** The answer to the request. */
  | 'success'
  /** The runtime refused the request. Another runtime would refuse it as well. */
  | 'refusal'
  /** The runtime could not serve the request. Another one may. */
  | 'fault';

/** Successes with a body. */
const SUCCESSES: ReadonlySet<number> = new Set([200, 201, 202, 203]);
/**
 * 4xx statuses that concern the runtime, not the request: unauthorized, forbidden, not found, method, proxy, timeout, conflict, misdirected,
 * early, upgrade, too many.
 */
const RUNTIME_FAULTS: ReadonlySet<number> = new Set([401, 403, 404, 405, 407, 408, 409, 421, 425, 426, 429]);

export function answerKindOf(status: number): AnswerKind {
  if (SUCCESSES.has(status)) return 'success';
  return Number.isInteger(status) && status >= 400 && status < 500 && !RUNTIME_FAULTS.has(status) ? 'refusal' : 'fault';
}

export const UNKNOWN_CONTENT_TYPE = 'application/octet-stream';
const MAX_CONTENT_TYPE_LENGTH = 128;
/** Audio, video, images and text. */
const PASSED_TYPES = /^(?:audio|video|image|text)\/[\w.+-]+(?:; ?[\w-]+=[\w.-]+)*$/;
/** A browser could execute these. */
const ACTIVE_TYPES = /^(?:image\/svg|text\/(?:html|xml|xsl|css|(?:java|ecma|live)script))/i;

/** The content type of binary content for the client. */
export const clientContentType = (type: string): string =>
  type.length <= MAX_CONTENT_TYPE_LENGTH && PASSED_TYPES.test(type) && !ACTIVE_TYPES.test(type) ? type : UNKNOWN_CONTENT_TYPE;
