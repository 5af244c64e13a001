// The limits of a scheduler, too high for a test to reach.
import { AbuseLog } from '../../src/main/platform/abuse-log';
import type { Clock } from '../../src/main/platform/clock';
import { silentLogger } from '../../src/main/platform/logger';
import { WrongTokens } from '../../src/main/scheduler/access/wrong-tokens';
import { RegistrationLimits } from '../../src/main/scheduler/pool/registration-limits';
import { ManualClock } from './manual-clock';

const counters = { authFailed: () => undefined, limitReached: () => undefined };

export function openHttpLimits(clock: Clock = new ManualClock()) {
  const abuse = new AbuseLog({ clock, logger: silentLogger, counters });
  return { abuse, wrongTokens: new WrongTokens({ clock, abuse }), maxConnectionsPerAddress: 100_000 };
}

export function openPoolLimits(clock: Clock) {
  const { abuse } = openHttpLimits(clock);
  return { limits: new RegistrationLimits({ maxNodes: 1_000_000, maxNewNodesPerMinute: 1_000_000, clock, abuse }) };
}
