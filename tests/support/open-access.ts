// The access rules of a server without a database, for tests of single routes: every key but `keys` is unknown.
import type { AccessRules } from '../../src/main/scheduler/api/requests';
import type { HttpServerOptions } from '../../src/main/scheduler/api/http-server';
import { type Principal, principalOf } from '../../src/main/scheduler/members/core/principal';
import { KeyUsage } from '../../src/main/scheduler/members/key-usage';
import { isLoopbackHost } from '../../src/shared/loopback';
import { ok } from '../../src/shared/result';
import { ManualClock } from './manual-clock';

export const keyUsage = (): KeyUsage =>
  new KeyUsage({
    clock: new ManualClock(),
    abuse: { limitReached: () => undefined },
    defaults: { requestsPerSecond: 1000, megabytesPerMinute: 1_000_000, maxQueued: 1000, maxStreams: 100, maxPriority: 100 },
    totals: { queued: 1000, streams: { events: 256, pool_events: 64, member_events: 256 } },
    hasOtherSubmitters: () => false,
  });

/** Open on loopback. `keys`: secrets and their holders. */
export function openAccess(
  host = '127.0.0.1',
  keys: ReadonlyMap<string, Principal> = new Map(),
): Pick<AccessRules, 'loopback' | 'members' | 'usage'> & Pick<HttpServerOptions, 'audit'> {
  return {
    loopback: { isLoopback: isLoopbackHost(host), mode: 'open', hasAllowedHosts: false },
    members: {
      authenticate: (secret) => {
        const principal = keys.get(secret);
        return principal === undefined ? principalOf(null, 0) : ok(principal);
      },
    },
    usage: keyUsage(),
    audit: { record: () => undefined },
  };
}
