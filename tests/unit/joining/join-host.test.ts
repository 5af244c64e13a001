// Joining by digits at its host: the source that a limit names, and the decision that counts.
import { expect, test } from 'vitest';
import type { HostMessage } from '../../../src/main/joining/core/join-messages';
import { JOINER_START, type JoinerEvent, stepJoiner } from '../../../src/main/joining/core/joiner-machine';
import { JoinHost, type JoinHostOptions } from '../../../src/main/joining/join-host';
import { freshNonce, joinerKey } from '../../../src/main/joining/join-crypto';
import { silentLogger } from '../../../src/main/platform/logger';
import { ManualClock } from '../../support/manual-clock';

const PIN = `sha256-${'a'.repeat(43)}`;

const hostWith = (options: Partial<JoinHostOptions>): JoinHost =>
  new JoinHost({
    pin: PIN,
    poolName: 'pool',
    addresses: () => [],
    knownNames: () => [],
    credentials: { issue: () => Promise.reject(new Error('not asked')), withdraw: () => undefined },
    clock: new ManualClock(),
    logger: silentLogger,
    abuse: { limitReached: () => undefined },
    ...options,
  });

/** A newcomer that has compared the digits and confirms them. */
function confirmedAt(host: JoinHost): void {
  const { key, crypto } = joinerKey();
  const claims = { name: 'ben-pc', gpus: [], roles: ['node', 'client'] as const };
  const context = { pin: PIN, exporter: 'AAAA', key, nonce: freshNonce(), claims: { ...claims, roles: [...claims.roles] } };
  let state = JOINER_START;
  const step = (event: JoinerEvent): void => {
    const [next, effects] = stepJoiner(state, event, context, crypto);
    state = next;
    for (const effect of effects) if (effect.type === 'send') connection?.received(JSON.stringify(effect.message));
  };
  const connection = host.open({
    address: '192.0.2.1',
    exporter: 'AAAA',
    send: (text) => {
      step({ type: 'message', message: JSON.parse(text) as HostMessage });
    },
    close: () => undefined,
  });
  step({ type: 'opened' });
  step({ type: 'answered', isSame: true });
}

test('approved again with other roles while the credential is made -> the answer has the roles of the first decision', () => {
  const issued: (readonly string[])[] = [];
  const issue = (_name: string, roles: readonly string[]): Promise<never> => {
    issued.push(roles);
    return new Promise(() => undefined);
  };
  const host = hostWith({ credentials: { issue, withdraw: () => undefined } });
  confirmedAt(host);
  const { id = '' } = host.list()[0] ?? {};
  const answers = [host.approve(id, ['node']), host.approve(id, ['node', 'client'])];
  expect(answers.map((answer) => answer.ok && answer.value.roles)).toEqual([['node'], ['node']]);
  expect(issued).toEqual([['node']]);
});

test('attempts from addresses of one IPv6 network -> the limit names the network', () => {
  const reached: (readonly [string, string])[] = [];
  const host = hostWith({ abuse: { limitReached: (limit, from) => reached.push([limit, from]) } });
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
