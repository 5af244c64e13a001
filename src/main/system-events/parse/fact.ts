/** A fact about this computer. `not_read`: not yet, or not now. `not_supported`: the system cannot tell. */
export type Fact<Value> =
  | { readonly known: true; readonly value: Value }
  | { readonly known: false; readonly reason: 'not_read' | 'not_supported' };

export const NOT_READ = { known: false, reason: 'not_read' } as const;
export const NOT_SUPPORTED = { known: false, reason: 'not_supported' } as const;
export const knownFact = <Value>(value: Value): Fact<Value> => ({ known: true, value });
