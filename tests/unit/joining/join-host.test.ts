// The limits of joining by digits, as the log names their source.
import { expect, test } from 'vitest';
import { JoinHost } from '../../../src/main/joining/join-host';
import { joinerKey } from '../../../src/main/joining/join-crypto';
import { silentLogger } from '../../../src/main/platform/logger';
import { ManualClock } from '../../support/manual-clock';

test('attempts from addresses of one IPv6 network -> the limit names the network', () => {
  const reached: (readonly [string, string])[] = [];
  const host = new JoinHost({
    pin: 'sha256-x',
    poolName: 'pool',
    addresses: () => [],
    knownNames: () => [],
    credentials: { issue: () => Promise.reject(new Error('not asked')), withdraw: () => undefined },
    clock: new ManualClock(),
    logger: silentLogger,
    abuse: { limitReached: (limit, from) => reached.push([limit, from]) },
  });
  for (let at = 1; at <= 4; at++) {
    const connection = host.open({
      address: `2001:db8::${String(at)}`,
      exporter: '',
      send: () => undefined,
      close: () => undefined,
    });
    connection?.received(JSON.stringify({ type: 'hello', key: joinerKey().key, commitment: 'A'.repeat(43) }));
    connection?.closed();
  }
  expect(reached).toEqual([['join_address', '2001:db8:0:0::/64']]);
});
