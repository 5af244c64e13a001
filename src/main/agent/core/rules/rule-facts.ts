// What the rules of the owner are judged from.
import { readingValue } from '../../../hardware/parse/reading';
import type { LoadReport } from '../../../hardware/parse/types';
import { type Fact, knownFact, NOT_READ } from '../../../system-events/parse/fact';

export interface RuleFacts {
  /** The name of the program whose full-screen window is in front. Null: there is none. */
  readonly fullScreen: Fact<string | null>;
  /** The names of the owner's programs on the GPUs. */
  readonly programs: Fact<readonly string[]>;
  readonly onBattery: Fact<boolean>;
  /** The temperature of the hottest offered GPU. */
  readonly celsius: Fact<number>;
}

export const NOTHING_READ: RuleFacts = { fullScreen: NOT_READ, programs: NOT_READ, onBattery: NOT_READ, celsius: NOT_READ };

/** The part of the facts that each reading of the hardware has. `offered`: only the offered GPUs. */
export function factsOfLoad(load: LoadReport, offered: LoadReport): Pick<RuleFacts, 'programs' | 'celsius'> {
  const lists = load.shares.map(({ programs }) => programs).filter((programs) => programs !== null);
  const names = lists.flatMap(({ list }) => list.flatMap(({ name, isPool }) => (isPool || name === null ? [] : [name])));
  const celsius = offered.gpus.flatMap(({ available, live }) => (available ? (readingValue(live.temperatureC) ?? []) : []));
  return {
    programs: lists.length === 0 ? NOT_READ : knownFact([...new Set(names)]),
    celsius: celsius.length === 0 ? NOT_READ : knownFact(Math.max(...celsius)),
  };
}
