// The app of a computer that joins pools, without Electron: a real agent, the membership, and AppApi over the pool that it joined.
import path from 'node:path';
import { AppService } from '../../src/main/app-api/app-service';
import { type AppChoice, ChoiceStore } from '../../src/main/app-api/app-choice';
import { followChosenPool } from '../../src/main/app-api/chosen-pool';
import { Membership } from '../../src/main/app-api/membership';
import { poolSources } from '../../src/main/app-api/pool-sources';
import { RememberedPools } from '../../src/main/app-api/remembered-pools';
import type { Agent } from '../../src/main/agent/agent';
import { type Clock, systemClock } from '../../src/main/platform/clock';
import { silentLogger } from '../../src/main/platform/logger';
import { createConnectionTester } from '../../src/main/scheduler-client/connection-test';
import { appInfo, FakeHost, FakePool, RecordingListener } from './app-fakes';
import { until } from './until';

export interface MemberApp {
  readonly api: AppService;
  readonly agent: Agent;
  /** The scheduler of the own pool is not started: only the calls are kept. */
  readonly host: FakeHost;
  readonly membership: Membership;
  readonly store: ChoiceStore;
  readonly seen: RecordingListener;
  /** Called after each connection test. */
  afterTest: () => void;
  close(): Promise<void>;
}

export interface MemberAppOptions {
  readonly agent: Agent;
  readonly folder: string;
  /** Of the agent. */
  readonly clock: Clock;
  readonly first?: AppChoice;
}

export async function openMemberApp({ agent, folder, clock, first = { mode: 'none' } }: MemberAppOptions): Promise<MemberApp> {
  const host = new FakeHost();
  const store = new ChoiceStore(path.join(folder, 'app.json'), silentLogger);
  const testConnection = createConnectionTester({ timeoutMs: 2000 });
  const membership = new Membership({
    agent,
    host,
    store,
    remembered: new RememberedPools(path.join(folder, 'pools.json'), silentLogger),
    first,
    readOwnerKey: () => Promise.resolve(null),
    testConnection: async (address) => {
      const steps = await testConnection(address);
      app.afterTest();
      return steps;
    },
    clock,
    logger: silentLogger,
    browse: () => ({ pools: [], stop: () => Promise.resolve() }),
  });
  const api = new AppService({ info: appInfo, clock: systemClock, logger: silentLogger, agent, host, membership, coalesceMs: 5 });
  const stopFollowing = followChosenPool({
    agent,
    host,
    ...poolSources({
      agent,
      readOwnerKey: () => Promise.resolve(null),
      onName: (access, name) => {
        membership.named(access, name);
      },
      clock: systemClock,
      logger: silentLogger,
    }),
    connectHosted: () => Promise.resolve({ pool: new FakePool(), trust: null, access: 'host', key: 'host', caller: null }),
    setPool: (source) => {
      api.show(source);
    },
  });
  const seen = new RecordingListener();
  api.subscribe(seen);
  const app: MemberApp = {
    api,
    agent,
    host,
    membership,
    store,
    seen,
    afterTest: () => undefined,
    close: async () => {
      await membership.stop();
      stopFollowing();
      api.close();
      await agent.stop({ timeoutMs: 0 });
    },
  };
  await Promise.all([agent.start(), membership.restore()]);
  return app;
}

/** Waits until the app shows a pool that passes. */
export const poolIs = (app: MemberApp, what: string, passes: (pool: NonNullable<NonNullable<typeof app.seen.state>['pool']>) => boolean) =>
  until(
    what,
    () => {
      const pool = app.seen.state?.pool ?? null;
      return pool !== null && passes(pool) ? pool : null;
    },
    10_000,
  );
