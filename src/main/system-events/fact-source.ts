// The interface of the sources of facts about this computer, for the rules of the owner.
import type { Fact } from './parse/fact';

export interface FactSource<Value> {
  /** Begins to watch. The listener gets the first fact and each change. Returns the function that stops it. Never throws. */
  watch(listener: (fact: Fact<Value>) => void): () => void;
}

/** Absent: this computer has no such source. */
export interface OwnerSources {
  /** The name of the program whose full-screen window is in front. Null: there is none. */
  readonly fullScreen?: FactSource<string | null>;
  readonly onBattery?: FactSource<boolean>;
}
