// A scheduler on a free loopback port with a manual clock. It keeps its log in memory, and its database in a temporary folder.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AppApi } from '../../src/shared/api/app-api';
import type { MusterConfig, SchedulerConfig, ServerConfig } from '../../src/main/platform/config/config';
import { loadConfig } from '../../src/main/platform/config/load-config';
import type { LogFields, Logger, LogLevel } from '../../src/main/platform/logger';
import { type OpenScheduler, openScheduler, type SchedulerOptions } from '../../src/main/scheduler/open-scheduler';
import { OWNER_KEY } from './http-api';
import { ManualClock } from './manual-clock';

export interface LogLine {
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: LogFields;
}

export class KeptLog implements Logger {
  readonly lines: LogLine[] = [];

  log(level: LogLevel, event: string, fields: LogFields = {}): void {
    this.lines.push({ level, event, fields });
  }

  isEnabled(): boolean {
    return true;
  }

  of(event: string): readonly LogFields[] {
    return this.lines.filter((line) => line.event === event).map((line) => line.fields);
  }
}

export interface ConfigChange {
  readonly server?: Partial<ServerConfig>;
  readonly scheduler?: Partial<Omit<SchedulerConfig, 'nodeHealth'>>;
  readonly nodeHealth?: Partial<SchedulerConfig['nodeHealth']>;
}

/** The defaults on a free loopback port, with the changes of the test. */
export async function testConfig({ server, scheduler, nodeHealth }: ConfigChange = {}): Promise<MusterConfig> {
  const loaded = await loadConfig({ flags: {}, env: {}, configFile: '/nonexistent/muster.toml', explicitFile: false });
  if (!loaded.ok) throw new Error(loaded.error.reason);
  const { config } = loaded.value;
  return {
    ...config,
    // No test announces a pool in the networks of this machine.
    server: { ...config.server, host: '127.0.0.1', port: 0, announce: false, ...server },
    scheduler: { ...config.scheduler, ...scheduler, nodeHealth: { ...config.scheduler.nodeHealth, ...nodeHealth } },
  };
}

export interface TestSchedulerOptions extends ConfigChange {
  /** The folder of an earlier scheduler, to restart with it. */
  readonly databaseFile?: string;
  /** Default: `OWNER_KEY`. */
  readonly ownerKey?: SchedulerOptions['ownerKey'];
  readonly app?: AppApi | null;
  readonly rendererDir?: string | null;
  /** For a scheduler with TLS, a `CertificateClock`. */
  readonly clock?: ManualClock;
  readonly wakeTargets?: SchedulerOptions['wakeTargets'];
  readonly addresses?: SchedulerOptions['addresses'];
  /** As the leader of a cluster. */
  readonly cluster?: SchedulerOptions['cluster'];
}

/** Its wall time is near the real one, so that real clients accept certificates that are made by this clock. */
export class CertificateClock extends ManualClock {
  readonly #offsetMs = Date.now() - super.wallMs();

  override wallMs(): number {
    return super.wallMs() + this.#offsetMs;
  }
}

export interface TestScheduler {
  readonly url: string;
  readonly port: number;
  readonly clock: ManualClock;
  readonly log: KeptLog;
  readonly databaseFile: string;
  readonly pool: OpenScheduler['pool'];
  stop(): Promise<void>;
}

export function temporaryDir(): { readonly dir: string; remove(): void } {
  const dir = mkdtempSync(path.join(tmpdir(), 'muster-test-'));
  return {
    dir,
    remove: () => {
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** With `MUSTER_TEST_REPLICA=1` its clients and nodes are at a replica: most suites of HTTP pass also there. */
export async function startTestScheduler(options: TestSchedulerOptions = {}): Promise<TestScheduler> {
  if (process.env['MUSTER_TEST_REPLICA'] !== '1' || options.cluster !== undefined) return startScheduler(options);
  const { startThroughReplica } = await import('./replicated-scheduler');
  return startThroughReplica(options);
}

async function startScheduler(options: TestSchedulerOptions): Promise<TestScheduler> {
  const folder = options.databaseFile === undefined ? temporaryDir() : null;
  const databaseFile = options.databaseFile ?? path.join(folder?.dir ?? '', 'data', 'scheduler.db');
  const clock = options.clock ?? new ManualClock();
  const log = new KeptLog();
  const ownerKey = options.ownerKey ?? (() => OWNER_KEY);
  // A test never sends to the network of its machine.
  const wakeTargets = options.wakeTargets ?? (() => []);
  const opened = await openScheduler({
    config: await testConfig(options),
    databaseFile,
    clock,
    logger: log,
    version: '1.2.3',
    ownerKey,
    wakeTargets,
    ...(options.addresses === undefined ? {} : { addresses: options.addresses }),
    ...(options.cluster === undefined ? {} : { cluster: options.cluster }),
  });
  if (!opened.ok) throw new Error(`${opened.error.code} ${JSON.stringify(opened.error.details)}`);
  const listening = await opened.value.listen({ app: options.app ?? null, rendererDir: options.rendererDir ?? null });
  if (!listening.ok) throw new Error(`${listening.error.code} ${JSON.stringify(listening.error.details)}`);
  const { url, port } = listening.value;
  return {
    url,
    port,
    clock,
    log,
    databaseFile,
    pool: opened.value.pool,
    stop: async () => {
      await opened.value.stop();
      folder?.remove();
    },
  };
}
