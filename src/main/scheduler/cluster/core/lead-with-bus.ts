// Which member of a cluster should lead, when some of them have lost the bus: a leader without it reaches no replica, not even its own. When no
// member has it, any of them leads: their dashboards and their database still work together. And when a leader ends its term because the bus
// knows a higher epoch: the members drop what this leader says.
import { epochToExceed } from './lease';

/** Another member, as the database has it. */
export interface OtherMember {
  readonly hasBus: boolean;
  /** Since its last sign of life. */
  readonly seenSeconds: number;
}

/** `hasBus` null: the member is configured without a bus. */
export interface OwnBus {
  readonly hasBus: boolean | null;
  /** It was away at the look before, too. */
  readonly wasAway: boolean;
}

/** A member with an older sign of life may be dead. Signs come every 2 s. */
const ALIVE_SECONDS = 5;

const canLead = ({ hasBus, seenSeconds }: OtherMember): boolean => hasBus && seenSeconds < ALIVE_SECONDS;

/** Whether a candidate may take a free lease. */
export const mayTakeLease = ({ hasBus }: Pick<OwnBus, 'hasBus'>, others: readonly OtherMember[]): boolean =>
  hasBus !== false || !others.some(canLead);

/** Whether a leader should give up the lease. A short loss of the connection is no reason. */
export const shouldStepDown = ({ hasBus, wasAway }: OwnBus, others: readonly OtherMember[]): boolean =>
  hasBus === false && wasAway && others.some(canLead);

/** Whether the members drop what a leader with this epoch says, and would hear one of a new term. `busEpoch`: the highest that the bus knows. */
export const isPassed = (epoch: number, busEpoch: number): boolean => epochToExceed(busEpoch) > epoch;
