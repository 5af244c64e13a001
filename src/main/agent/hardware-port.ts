// The interface between the agent and the hardware prober. The prober enforces the time limits.
import type { HardwareReport, LoadReport } from '../hardware/parse/types';

export interface HardwarePort {
  /** Every adapter of this machine, accepted or refused. Expensive: called at start, on request and after a wake-up. Never rejects. */
  inventory(): Promise<HardwareReport>;
  /** Live figures of the accepted adapters and the machine. A hung driver makes GPUs unavailable and delays nothing. Never rejects. */
  load(): Promise<LoadReport>;
  /** The names that have a running process. Null: the processes could not be listed. Never rejects. */
  processesAlive(names: readonly string[]): Promise<ReadonlySet<string> | null>;
}
