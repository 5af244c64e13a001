// The number of nodes in each state.
import type { AvailabilityState } from '../../shared/protocol/status';

export type StateCounts = Readonly<Record<AvailabilityState, number>>;

export const totalOf = (counts: StateCounts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);
