// A membership over fakes: the test says what the agent reports, and whether the connection test passes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type AppChoice, ChoiceStore } from '../../src/main/app-api/app-choice';
import { Membership } from '../../src/main/app-api/membership';
import { RememberedPools } from '../../src/main/app-api/remembered-pools';
import type { Done } from '../../src/main/contracts/ports';
import { silentLogger } from '../../src/main/platform/logger';
import type { JoinStep, PoolAddress } from '../../src/shared/api/app-api';
import { afterEach, beforeEach } from 'vitest';
import { FakeAgent, FakeHost } from './app-fakes';
import { ManualClock } from './manual-clock';

export const LAB = 'wss://lab-a:7080';
export const toHost = ['connectTo', { url: 'ws://127.0.0.1:7080', joinToken: 'join-me' }];
export const toLab = ['connectTo', { url: LAB, joinToken: 'secret', pin: null }];
export const nowhere = ['connectTo', null];

export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const link = (state: 'connected' | 'refused', url: string) =>
  state === 'connected'
    ? { link: { state, scheduler_url: url, since: 1, latency_ms: null } }
    : { link: { state, scheduler_url: url, since: 1, code: 'REVOKED', message: '', details: null } };

/** A folder for each test of the file. */
export function useMembership() {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'muster-membership-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  return { folder: () => folder, setUp: (first?: AppChoice) => setUp(folder, first) };
}

function setUp(folder: string, first: AppChoice = { mode: 'none' }) {
  const file = path.join(folder, 'app.json');
  const [agent, host, store] = [new FakeAgent(), new FakeHost(), new ChoiceStore(file, silentLogger)];
  const owner = { key: 'join-me' };
  const clock = new ManualClock();
  const tested: PoolAddress[] = [];
  /** The steps of the next connection tests. */
  const connection = { steps: [] as readonly JoinStep[] };
  const remembered = new RememberedPools(path.join(folder, 'pools.json'), silentLogger);
  const membership = new Membership({
    agent,
    host,
    store,
    remembered,
    first,
    readOwnerKey: () => Promise.resolve(owner.key),
    testConnection: (address) => {
      tested.push(address);
      return Promise.resolve([...connection.steps]);
    },
    clock,
    logger: silentLogger,
  });
  /** The outcome of joining when the agent is connected at once. */
  const joined = async (address: PoolAddress, url: string): Promise<Done> => {
    const done = membership.join(address);
    await settled();
    agent.change(link('connected', url));
    return done;
  };
  return { file, agent, host, store, membership, remembered, owner, clock, tested, connection, joined };
}
