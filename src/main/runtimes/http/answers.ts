// What a runtime answered to the requests of one look: the facts that a flavour is recognised by and read from.

export type ProbeAnswer =
  /** `json` is undefined when the body is none. */
  | { readonly kind: 'answered'; readonly status: number; readonly json: unknown; readonly text: string }
  | { readonly kind: 'failed'; readonly code: string };

/** By path. */
export type Answers = Readonly<Record<string, ProbeAnswer | undefined>>;
