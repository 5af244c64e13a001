// The answers of a server to the requests of one probe. The server's type is recognised by them, and its models are read from them.

/**
 * Why there is no answer. `refused`: nothing listens. `address_refused`: the address policy forbids the address. `aborted`: by the
 * caller. `unreadable_answer`: not HTTP, or an unknown or invalid compression. `broken`: the connection ended before the answer.
 */
export type ExchangeFailure =
  'refused' | 'name_not_found' | 'address_refused' | 'timeout' | 'aborted' | 'too_large' | 'unreadable_answer' | 'broken';

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

/** By the path or the key of the question. */
export type Answers = Readonly<Record<string, ProbeAnswer | undefined>>;
