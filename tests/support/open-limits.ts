// The limits of a scheduler, too high for a test to reach.
import { AbuseLog } from '../../src/main/platform/abuse-log';
import type { Clock } from '../../src/main/platform/clock';
import { silentLogger } from '../../src/main/platform/logger';
import { MAX_UNFINISHED_BYTES, UnfinishedBytes } from '../../src/main/scheduler/access/unfinished-bytes';
import { WrongTokens } from '../../src/main/scheduler/access/wrong-tokens';
import { RegistrationLimits } from '../../src/main/scheduler/pool/registration-limits';
import { ManualClock } from './manual-clock';

const counters = { authFailed: () => undefined, limitReached: () => undefined };

export function openHttpLimits(clock: Clock = new ManualClock()) {
  const abuse = new AbuseLog({ clock, logger: silentLogger, counters });
  const unfinished = new UnfinishedBytes(MAX_UNFINISHED_BYTES, () => undefined);
  return { wrongTokens: new WrongTokens({ clock, abuse }), limits: { abuse, unfinished, maxConnectionsPerAddress: 100_000 } };
}

export function openPoolLimits(clock: Clock) {
  const { abuse } = openHttpLimits(clock).limits;
  return { limits: new RegistrationLimits({ maxNodes: 1_000_000, maxProfileBytes: 1e12, maxNewNodesPerMinute: 1_000_000, clock, abuse }) };
}
