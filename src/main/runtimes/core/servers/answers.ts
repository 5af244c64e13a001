// What a runtime answered to the requests of one look: the facts that a flavour is recognised by and read from.

/**
 * Why there is no answer. `refused`: nothing listens; `name_not_found`; `address_refused`: not an address that a runtime may have;
 * `timeout`; `aborted`: by the caller; `too_large`; `unreadable_answer`: not HTTP, or not to be unpacked; `broken`: the connection ended before the answer did.
 */
export type ExchangeFailure =
  'refused' | 'name_not_found' | 'address_refused' | 'timeout' | 'aborted' | 'too_large' | 'unreadable_answer' | 'broken';

export type ProbeAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Undefined when the body is none. */
      readonly json: unknown;
      readonly text: string;
      /** It wants a key (another one, where one was brought). */
      readonly asksForKey: boolean;
    }
  | { readonly kind: 'failed'; readonly code: ExchangeFailure };

/** By path, or the key of the question. */
export type Answers = Readonly<Record<string, ProbeAnswer | undefined>>;
