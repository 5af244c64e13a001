// What the agent needs of the hardware prober: three questions, each answered within the prober's own time limit.
import type { HardwareReport, LoadReport } from '../hardware/parse/types';

export interface HardwarePort {
  /** Every adapter of this machine, accepted or refused. Costly: at start, on demand, after a wake. Never rejects. */
  inventory(): Promise<HardwareReport>;
  /** Live figures of the accepted adapters and the machine. A hung driver makes them unavailable, never late. Never rejects. */
  load(): Promise<LoadReport>;
  /** Those of `names` with a living process; null: the list of processes could not be had. Never rejects. */
  processesAlive(names: readonly string[]): Promise<ReadonlySet<string> | null>;
}
