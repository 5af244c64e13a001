// What a runtime answered to the requests of one look: the facts that a flavour is recognised by and read from.

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
  | { readonly kind: 'failed'; readonly code: string };

/** By path, or the key of the question. */
export type Answers = Readonly<Record<string, ProbeAnswer | undefined>>;
