import { expect, test } from 'vitest';
import { followNearby } from '../../../src/main/app-api/nearby-pools';
import type { NearbyPort } from '../../../src/main/contracts/ports';
import { poolIdOf } from '../../../src/main/joining/pool-id';
import type { LinkView } from '../../../src/shared/api/agent-view';
import type { NearbyView } from '../../../src/shared/api/nearby';
import { ok } from '../../../src/shared/result';
import { nearbyView } from '../../fixtures/app-states/trust';
import { FakeAgent, FakeHost } from '../../support/app-fakes';
import { Subject } from '../../support/subject';

const HOSTED = `sha256-${'-_A9'.repeat(11).slice(0, 43)}`;
const JOINED = `sha256-${'h9dQ'.repeat(11).slice(0, 43)}`;
const at = { scheduler_url: 'wss://192.168.1.44:7080', pin: JOINED, since: 1 };
const CONNECTED: LinkView = { ...at, state: 'connected', latency_ms: 1 };
const REVOKED: LinkView = { ...at, state: 'refused', code: 'REVOKED', message: '', details: null };

const pool = (pin: string, name: string) => ({ id: poolIdOf(pin), name, address: '192.168.1.20', port: 7080 });

class FakeNearby implements NearbyPort {
  readonly subject = new Subject<NearbyView>();
  present = nearbyView({ pools: [pool(HOSTED, 'hosted'), pool(JOINED, 'joined'), ...nearbyView().pools] });

  view = (): NearbyView => this.present;
  subscribe = (listener: (view: NearbyView) => void): (() => void) => this.subject.subscribe(listener);
  browse = (): void => undefined;
  join = () => ok(undefined);
  confirm = () => ok(undefined);
  cancel = (): void => undefined;
}

function setUp() {
  const [nearby, agent, host] = [new FakeNearby(), new FakeAgent(), new FakeHost()];
  const shown: (readonly string[])[] = [];
  const stop = followNearby({ nearby, agent, host }, ({ pools }) => shown.push(pools.map(({ name }) => name)));
  return { nearby, agent, host, shown, stop };
}

test('pools nearby: own pool starts, is joined, is left -> without the own pool', () => {
  const { nearby, agent, host, shown } = setUp();
  expect(shown).toEqual([['hosted', 'joined', 'Atelier', 'Lab 3']]);
  host.change({ state: 'running', join_link: `muster://192.168.1.20:7080/join#pin=${HOSTED}&key=mi_1` });
  expect(shown.at(-1)).toEqual(['joined', 'Atelier', 'Lab 3']);
  agent.change({ link: CONNECTED });
  expect(shown.at(-1)).toEqual(['Atelier', 'Lab 3']);
  host.change({ state: 'stopped', join_link: null });
  expect(shown.at(-1)).toEqual(['hosted', 'Atelier', 'Lab 3']);
  agent.change({ link: { state: 'idle' } });
  expect(shown.at(-1)).toEqual(['hosted', 'joined', 'Atelier', 'Lab 3']);
  nearby.subject.publish(nearby.present);
  expect(shown).toHaveLength(6);
});

test('pools nearby: the pool refuses this computer -> shown, so that the person can join again', () => {
  const { agent, shown } = setUp();
  agent.change({ link: CONNECTED });
  agent.change({ link: REVOKED });
  expect(shown.at(-1)).toEqual(['hosted', 'joined', 'Atelier', 'Lab 3']);
});

test('pools nearby: a change of another part -> not shown again', () => {
  const { agent, host, shown } = setUp();
  agent.change({ link: CONNECTED });
  agent.change({ link: { ...CONNECTED, latency_ms: 2 } });
  host.change({ last_log_lines: ['a line'] });
  expect(shown).toHaveLength(2);
});

test('pools nearby: stop -> unsubscribed from every service', () => {
  const { nearby, agent, host, stop } = setUp();
  stop();
  expect([nearby.subject.count, agent.subject.count, host.subject.count]).toEqual([0, 0, 0]);
});
