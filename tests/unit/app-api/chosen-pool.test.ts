import { expect, test } from 'vitest';
import { followChosenPool } from '../../../src/main/app-api/chosen-pool';
import type { PoolSource } from '../../../src/main/app-api/shown-pool';
import { FakeAgent, FakeHost, FakePool } from '../../support/app-fakes';
import { FakeTrust } from '../../support/trust-fakes';

const OWN = 'ws://127.0.0.1:1';
const ATELIER = 'wss://192.168.1.20:7080';
const PIN = `sha256-${'a'.repeat(43)}`;

const sourceOf = (access: PoolSource['access'], key: string): PoolSource => ({
  pool: new FakePool(),
  trust: new FakeTrust(),
  access,
  key,
  caller: null,
});

function setUp() {
  const [agent, host] = [new FakeAgent(), new FakeHost()];
  const shown: (string | null)[] = [];
  const hosted: string[] = [];
  const stop = followChosenPool({
    agent,
    host,
    connectHosted: (url) => {
      hosted.push(url);
      return Promise.resolve(sourceOf('host', url));
    },
    connectJoined: ({ baseUrl, pin }) => sourceOf('member', `${baseUrl} ${pin ?? 'no pin'}`),
    setPool: (source) => shown.push(source === null ? null : `${source.access} ${source.key}`),
  });
  return { agent, host, shown, hosted, stop };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const connected = (url: string, pin?: string) => ({
  link: { state: 'connected' as const, scheduler_url: url, ...(pin === undefined ? {} : { pin }), since: 1, latency_ms: null },
});
const lost = (url: string) => ({
  link: { state: 'reconnecting' as const, scheduler_url: url, since: 1, attempt: 1, next_try_at: 2, cause: 'refused' },
});
const refused = (url: string) => ({
  link: { state: 'refused' as const, scheduler_url: url, since: 1, code: 'REVOKED', message: '', details: null },
});

test('hosted pool: shown while running, kept during a restart, a new client for each run', async () => {
  const { host, shown, hosted } = setUp();
  host.change({ state: 'running', url: 'http://127.0.0.1:1', since: 10 });
  await settled();
  host.change({ last_log_lines: ['a change that is none'] });
  await settled();
  expect([hosted, shown]).toEqual([['http://127.0.0.1:1'], ['host http://127.0.0.1:1']]);
  host.change({ state: 'restarting', url: null, since: 20 });
  host.change({ state: 'running', url: 'http://127.0.0.1:1', since: 30 });
  await settled();
  host.change({ state: 'stopped', url: null, since: 40 });
  await settled();
  expect(hosted).toHaveLength(2);
  expect(shown).toEqual(['host http://127.0.0.1:1', 'host http://127.0.0.1:1', null]);
});

test('hosted pool: run ends before the client exists -> no pool', async () => {
  const { host, shown } = setUp();
  host.change({ state: 'running', url: 'http://127.0.0.1:1', since: 10 });
  host.change({ state: 'failed', url: null, since: 20 });
  await settled();
  expect(shown).toEqual([]);
});

test('own agent connected to the hosted pool -> shown as the host', async () => {
  const { agent, host, shown } = setUp();
  host.change({ state: 'running', url: 'http://127.0.0.1:1', since: 10 });
  agent.change(connected(OWN));
  await settled();
  expect(shown).toEqual(['host http://127.0.0.1:1']);
});

test('hosted pool: crashed, agent connected to the new run before the host reports it -> still the host', async () => {
  const { agent, host, shown } = setUp();
  host.change({ state: 'running', url: 'http://127.0.0.1:1', since: 10 });
  agent.change(connected(OWN));
  await settled();
  host.change({ state: 'restarting', url: null, since: 20 });
  agent.change(lost(OWN));
  agent.change(connected(OWN));
  host.change({ state: 'running', url: 'http://127.0.0.1:1', since: 30 });
  await settled();
  expect(shown).toEqual(['host http://127.0.0.1:1', 'host http://127.0.0.1:1']);
});

test('hosted pool: agent connected before the first report of a run -> the host from that report on', async () => {
  const { agent, host, shown } = setUp();
  agent.change(connected(OWN));
  host.change({ state: 'running', url: 'http://127.0.0.1:1', since: 10 });
  await settled();
  expect(shown.at(-1)).toBe('host http://127.0.0.1:1');
});

test('joined pool: own pool shown until the agent is connected, then the joined one, also after the own one stopped', async () => {
  const { agent, host, shown } = setUp();
  host.change({ state: 'running', url: 'http://127.0.0.1:1', since: 10 });
  await settled();
  agent.change({ link: { state: 'connecting', scheduler_url: ATELIER, pin: PIN, since: 1 } });
  expect(shown).toEqual(['host http://127.0.0.1:1']);
  agent.change(connected(ATELIER, PIN));
  host.change({ state: 'stopped', url: null });
  await settled();
  expect(shown).toEqual(['host http://127.0.0.1:1', `member https://192.168.1.20:7080 ${PIN}`]);
});

test('joined pool: connection lost -> stays; refused or left -> not shown; another pool -> shown once it is connected', () => {
  const { agent, shown } = setUp();
  agent.change(connected(ATELIER, PIN));
  agent.change(lost(ATELIER));
  agent.change(connected(ATELIER, PIN));
  expect(shown).toHaveLength(1);
  agent.change({ link: { state: 'connecting', scheduler_url: 'ws://lab-b:7080', since: 1 } });
  agent.change(refused('ws://lab-b:7080'));
  expect(shown).toHaveLength(1);
  agent.change(connected('ws://lab-b:7080'));
  agent.change(refused('ws://lab-b:7080'));
  agent.change(connected(ATELIER, PIN));
  agent.change({ link: { state: 'idle' } });
  const atelier = `member https://192.168.1.20:7080 ${PIN}`;
  expect(shown).toEqual([atelier, 'member http://lab-b:7080 no pin', null, atelier, null]);
});

test('unsubscribed -> changes are ignored', async () => {
  const { agent, host, shown, stop } = setUp();
  stop();
  host.change({ state: 'running', url: 'http://127.0.0.1:1' });
  agent.change(connected(ATELIER));
  await settled();
  expect(shown).toEqual([]);
});

test('joined pool with several schedulers: its present address is used; refused at another one -> not shown any more', async () => {
  const other = 'wss://192.168.1.21:7080';
  const { agent, shown } = setUp();
  agent.change(connected(ATELIER, PIN));
  agent.change(connected(other, PIN));
  await settled();
  agent.change({ link: { ...refused(ATELIER).link, other_urls: [other] } });
  await settled();
  expect(shown).toEqual([`member https://192.168.1.20:7080 ${PIN}`, `member https://192.168.1.21:7080 ${PIN}`, null]);
});

test.each(['NO_GPU_AVAILABLE', 'NOT_A_NODE'])(
  'member with the refusal %s: its pool is shown, also from the start; without a credential -> not shown',
  (code) => {
    const noGpu = { link: { ...refused(ATELIER).link, pin: PIN, code } };
    const atelier = `member https://192.168.1.20:7080 ${PIN}`;
    const { agent, shown } = setUp();
    agent.change(noGpu);
    expect(shown).toEqual([]);
    agent.credential = 'mn_of-atelier';
    agent.change(noGpu);
    agent.change(connected(ATELIER, PIN));
    agent.change(noGpu);
    expect(shown).toEqual([atelier]);
    agent.change(refused(ATELIER));
    expect(shown).toEqual([atelier, null]);
  },
);

test('joining ends without a usable GPU, back in the own pool -> the own pool is shown', async () => {
  const { agent, host, shown } = setUp();
  host.change({ state: 'running', url: 'http://127.0.0.1:1', since: 10 });
  await settled();
  agent.credential = 'mn_of-atelier';
  agent.change({ link: { ...refused(ATELIER).link, code: 'NO_GPU_AVAILABLE' } });
  agent.credential = null;
  agent.change({ link: { ...refused(OWN).link, code: 'NO_GPU_AVAILABLE' } });
  expect(shown).toEqual(['host http://127.0.0.1:1', 'member https://192.168.1.20:7080 no pin', 'host http://127.0.0.1:1']);
});
