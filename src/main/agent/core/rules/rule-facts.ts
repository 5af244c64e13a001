// What the rules of the owner are judged from. A fact is known, or unknown with the reason.

/** `not_read`: not yet, or not now. `not_supported`: this computer cannot tell. */
export type Fact<Value> =
  { readonly known: true; readonly value: Value } | { readonly known: false; readonly reason: 'not_read' | 'not_supported' };

export const NOT_READ = { known: false, reason: 'not_read' } as const;
export const NOT_SUPPORTED = { known: false, reason: 'not_supported' } as const;
export const knownFact = <Value>(value: Value): Fact<Value> => ({ known: true, value });

export interface RuleFacts {
  /** The name of the program whose full-screen window is in front. Null: there is none. */
  readonly fullScreen: Fact<string | null>;
  /** The names of the owner's programs on the GPUs. */
  readonly programs: Fact<readonly string[]>;
  readonly onBattery: Fact<boolean>;
  /** The temperature of the hottest offered GPU. */
  readonly celsius: Fact<number>;
}
