// The ways to one AppApi that the contract suite walks: in process, over the desktop's IPC, and over HTTP as a browser does.
import type { AppApi } from '../../src/shared/api/app-api';
import { AppService } from '../../src/main/app-api/app-service';
import { Membership } from '../../src/main/app-api/membership';
import { ChoiceStore } from '../../src/main/app-api/app-choice';
import { IpcAppApi } from '../../src/main/desktop/ipc-app-api';
import { systemClock } from '../../src/main/platform/clock';
import { loadConfig } from '../../src/main/platform/config/load-config';
import { silentLogger } from '../../src/main/platform/logger';
import { openScheduler } from '../../src/main/scheduler/open-scheduler';
import { ipcAppApi } from '../../src/preload/ipc-api';
import { httpApi } from '../../src/renderer/api/http-api';
import { ipcApi } from '../../src/renderer/api/ipc-api';
import { appInfo, FakeAgent, FakeHost, FakePool } from '../support/app-fakes';
import { FakeIpcMain, FakeWindow } from '../support/fake-ipc';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Program {
  readonly service: AppService;
  readonly agent: FakeAgent;
  readonly host: FakeHost;
  readonly pool: FakePool;
  /** The service as its user meets it. */
  readonly api: AppApi;
  close(): Promise<void>;
}

type Reach = (service: AppService, folder: string) => Promise<{ readonly api: AppApi; readonly close: () => Promise<unknown> }>;

/** A program of in-memory parts, reached over the transport. */
async function openProgram(reach: Reach): Promise<Program> {
  const folder = await mkdtemp(path.join(tmpdir(), 'muster-contract-'));
  const [agent, host, pool] = [new FakeAgent(), new FakeHost(), new FakePool()];
  const store = new ChoiceStore(path.join(folder, 'app.json'), silentLogger);
  const membership = new Membership({ agent, host, store, first: { mode: 'none' }, readJoinToken: () => Promise.resolve(null) });
  const testConnection = () =>
    Promise.resolve([{ step: 'address', outcome: 'failed', code: 'host_invalid', details: { host: 'x' }, duration_ms: 1 } as const]);
  const service = new AppService({
    info: appInfo,
    clock: systemClock,
    logger: silentLogger,
    agent,
    host,
    pool,
    membership,
    testConnection,
    coalesceMs: 5,
  });
  const { api, close } = await reach(service, folder);
  return {
    service,
    agent,
    host,
    pool,
    api,
    close: async () => {
      service.close();
      await close();
      await rm(folder, { recursive: true });
    },
  };
}

const direct: Reach = (service) => Promise.resolve({ api: service, close: () => Promise.resolve() });

/** The preload's bridge and the renderer's checks on one side, the sender's check on the other; only Electron's wire is a stand-in. */
const ipc: Reach = (service) => {
  const main = new FakeIpcMain();
  new IpcAppApi({ ipc: main, api: service, logger: silentLogger, isOurWindow: (id) => id === 1 });
  return Promise.resolve({ api: ipcApi(ipcAppApi(new FakeWindow(main))), close: () => Promise.resolve() });
};

/** A real scheduler's server on a free port, and the browser's client. */
const http: Reach = async (service, folder) => {
  const loaded = await loadConfig({ flags: { port: '0' }, env: {}, configFile: path.join(folder, 'config.toml'), explicitFile: false });
  if (!loaded.ok) throw new Error(loaded.error.reason);
  const opened = await openScheduler({
    config: loaded.value.config,
    databaseFile: path.join(folder, 'scheduler.db'),
    clock: systemClock,
    logger: silentLogger,
    version: '1.2.3',
    tokens: { join: null, admin: null, submit: null },
  });
  if (!opened.ok) throw new Error(opened.error.code);
  const listening = await opened.value.listen({ app: service, rendererDir: null });
  if (!listening.ok) throw new Error(listening.error.code);
  const api = httpApi({
    baseUrl: `${listening.value.url}/api/v1/app/`,
    token: { get: () => null, set: () => undefined },
    fetch,
    random: () => 0.5,
  });
  return { api, close: () => opened.value.stop() };
};

export const TRANSPORTS: readonly (readonly [name: string, open: () => Promise<Program>])[] = [
  ['in process', () => openProgram(direct)],
  ['over IPC', () => openProgram(ipc)],
  ['over HTTP', () => openProgram(http)],
];
