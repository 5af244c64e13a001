// The answers of a server to the requests of one probe. The server's type is recognised by them, and its models are read from them.

/**
 * Why there is no answer. `refused`: nothing listens. `address_refused`: the address policy forbids the address. `aborted`: by the
 * caller. `unreadable_answer`: not HTTP, or an unknown or invalid compression. `broken`: the connection ended before the answer.
 */
export type ExchangeFailure =
  | 'refused'
  | 'name_not_found'
  | 'address_refused'
  | 'timeout'
  | 'aborted'
  | 'too_large'
  | 'unreadable_answer'
  | 'broken';

export type ProbeAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Undefined: the body is not JSON. */
      readonly json: unknown;
      readonly text: string;
      /** The server requires an API key, or rejects the one that was sent. */
      readonly asksForKey: boolean;
    }
  | { readonly kind: 'failed'; readonly code: ExchangeFailure };

/** By the path or the key of the request. */
export type Answers = Readonly<Record<string, ProbeAnswer | undefined>>;

const UNAUTHORIZED: ReadonlySet<number> = new Set([401, 403]);

interface HttpAnswer {
  readonly status: number;
  /** Undefined: the body is not JSON. */
  readonly json: unknown;
  /** The header `www-authenticate`. */
  readonly challenge: string | undefined;
}

/**
 * Whether an answer requires an API key and is not the login page of another program. APIs answer with JSON, or with a Bearer challenge
 * and any body. For a known runtime (the owner configured the address, or a runtime answered there before) the status is enough,
 * because proxies refuse with text.
 */
export function isApiKeyRequired({ status, json, challenge }: HttpAnswer, isRuntime: boolean): boolean {
  if (!UNAUTHORIZED.has(status)) return false;
  return isRuntime || (typeof json === 'object' && json !== null) || /^bearer\b/i.test(challenge ?? '');
}
