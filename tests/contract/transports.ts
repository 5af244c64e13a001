// The transports of AppApi: in process, over the IPC of the desktop app, and over HTTP as in a browser, plain and with TLS.
import type { AppApi, AppListener, WindowLook } from '../../src/shared/api/app-api';
import type { AppDocument } from '../../src/shared/api/app-documents';
import { ok } from '../../src/shared/result';
import type { Done } from '../../src/main/contracts/ports';
import { AppService } from '../../src/main/app-api/app-service';
import { Membership } from '../../src/main/app-api/membership';
import { OpenedLink } from '../../src/main/app-api/opened-link';
import { ChoiceStore, type JoinedChoice } from '../../src/main/app-api/app-choice';
import { RememberedPools } from '../../src/main/app-api/remembered-pools';
import { IpcAppApi } from '../../src/main/desktop/ipc-app-api';
import type { DesktopPort } from '../../src/main/contracts/desktop-port';
import { systemClock } from '../../src/main/platform/clock';
import { loadConfig } from '../../src/main/platform/config/load-config';
import { silentLogger } from '../../src/main/platform/logger';
import { openScheduler } from '../../src/main/scheduler/open-scheduler';
import { pinnedFetch } from '../../src/main/trust/pinned-fetch';
import { ipcAppApi } from '../../src/preload/ipc-api';
import { httpApi } from '../../src/renderer/api/http-api';
import { ipcApi } from '../../src/renderer/api/ipc-api';
import { appInfo, FakeAgent, FakeHost, FakePool } from '../support/app-fakes';
import { FakeLogs } from '../support/log-fakes';
import { FakeSettings } from '../support/settings-fakes';
import { FakeNearby, FakeTrust, NETWORK_REPORT } from '../support/trust-fakes';
import { FakeIpcMain, FakeWindow } from '../support/fake-ipc';
import { OWNER_KEY } from '../support/http-api';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { FakeUpdate } from '../support/update-fakes';
import path from 'node:path';

export interface Program {
  readonly service: AppService;
  readonly agent: FakeAgent;
  readonly host: FakeHost;
  readonly pool: FakePool;
  readonly trust: FakeTrust;
  readonly nearby: FakeNearby;
  readonly settings: FakeSettings;
  readonly logs: FakeLogs;
  readonly openedLink: OpenedLink;
  readonly desktop: FakeDesktop;
  readonly update: FakeUpdate;
  /** The service over the transport. */
  readonly api: AppApi;
  /** Breaks the stream of a subscription as this transport can break it. Returns a function that stops the new stream. */
  interrupt(listener: AppListener, stop: () => void): () => void;
  close(): Promise<void>;
}

interface Transport extends Pick<Program, 'api' | 'interrupt'> {
  readonly close: () => Promise<unknown>;
}
type OpenTransport = (service: AppService, folder: string) => Promise<Transport>;

/** A pool that this computer belonged to earlier. */
export const REMEMBERED: JoinedChoice = { mode: 'joined', address: 'wss://lab-b:7080', joinToken: 'old' };

class FakeDesktop implements DesktopPort {
  readonly calls: unknown[] = [];

  setLook(look: WindowLook): void {
    this.calls.push(['setLook', look]);
  }

  openDocument(document: AppDocument): Promise<Done> {
    this.calls.push(['openDocument', document]);
    return Promise.resolve(ok(undefined));
  }
}

/** A program of in-memory parts, behind the transport. */
async function openProgram(openTransport: OpenTransport): Promise<Program> {
  const folder = await mkdtemp(path.join(tmpdir(), 'muster-contract-'));
  const [agent, host, pool] = [new FakeAgent(), new FakeHost(), new FakePool()];
  const store = new ChoiceStore(path.join(folder, 'app.json'), silentLogger);
  const [trust, nearby, settings] = [new FakeTrust(), new FakeNearby(), new FakeSettings()];
  const logs = new FakeLogs();
  const openedLink = new OpenedLink();
  openedLink.open('muster://192.168.1.20:7080/join');
  const desktop = new FakeDesktop();
  const update = new FakeUpdate();
  const readOwnerKey = () => Promise.resolve(null);
  agent.isAccepted = true;
  const remembered = new RememberedPools(path.join(folder, 'pools.json'), silentLogger);
  remembered.remember(REMEMBERED, 5);
  const membership = new Membership({
    agent,
    host,
    store,
    remembered,
    first: { mode: 'none' },
    readOwnerKey,
    testConnection: () => Promise.resolve([{ step: 'address', outcome: 'passed', code: null, details: { host: 'x' }, duration_ms: 1 }]),
    clock: systemClock,
    logger: silentLogger,
  });
  const testConnection = () =>
    Promise.resolve([{ step: 'address', outcome: 'failed', code: 'host_invalid', details: { host: 'x' }, duration_ms: 1 } as const]);
  const service = new AppService({
    info: appInfo,
    clock: systemClock,
    logger: silentLogger,
    agent,
    host,
    pool,
    trust,
    nearby,
    settings,
    logs,
    diagnostics: logs,
    openedLink,
    desktop,
    update,
    membership,
    testConnection,
    lanHosts: () => ['192.168.1.20'],
    examineNetwork: () => Promise.resolve(NETWORK_REPORT),
    coalesceMs: 5,
  });
  const { api, interrupt, close } = await openTransport(service, folder);
  return {
    service,
    agent,
    host,
    pool,
    trust,
    nearby,
    settings,
    logs,
    openedLink,
    desktop,
    update,
    api,
    interrupt,
    close: async () => {
      service.close();
      await close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A caller in the same process loses no stream, but can unsubscribe and subscribe again. */
const direct: OpenTransport = (service) =>
  Promise.resolve({
    api: service,
    interrupt: (listener, stop) => {
      stop();
      return service.subscribe(listener);
    },
    close: () => Promise.resolve(),
  });

/** Preload and renderer on one side, the check of the sender on the other. Only Electron's IPC is a fake. */
const ipc: OpenTransport = (service) => {
  const main = new FakeIpcMain();
  const server = new IpcAppApi({ ipc: main, api: service, logger: silentLogger, isAppWindow: (id) => id === 1 });
  const openPage = (): AppApi => ipcApi(ipcAppApi(new FakeWindow(main)));
  return Promise.resolve({
    api: openPage(),
    // The page is reloaded: main ends its subscriptions, and the new page subscribes.
    interrupt: (listener) => {
      server.unsubscribeAll(1);
      return openPage().subscribe(listener);
    },
    close: () => Promise.resolve(),
  });
};

/** As `fetch`, with the pin of the pool in place of a CA that the browser trusts. */
function fetchWithPin(pin: string): typeof fetch {
  const pinned = pinnedFetch(pin);
  return (input, init) => {
    if (input instanceof Request) throw new TypeError('not a URL');
    const { method = 'GET', headers, body, signal } = init ?? {};
    return pinned(String(input), {
      method,
      headers: Object.fromEntries(new Headers(headers)),
      ...(typeof body === 'string' ? { body } : {}),
      ...(signal == null ? {} : { signal }),
    });
  };
}

/** The server of a real scheduler on a free port, and the client of the browser. On all addresses with TLS, as from another computer. */
const httpOn =
  (host: '127.0.0.1' | '0.0.0.0'): OpenTransport =>
  async (service, folder) => {
    const loaded = await loadConfig({
      flags: { port: '0', host },
      env: {},
      configFile: path.join(folder, 'config.toml'),
      explicitFile: false,
    });
    if (!loaded.ok) throw new Error(loaded.error.reason);
    const opened = await openScheduler({
      config: loaded.value.config,
      databaseFile: path.join(folder, 'scheduler.db'),
      clock: systemClock,
      logger: silentLogger,
      version: '1.2.3',
      ownerKey: () => OWNER_KEY,
    });
    if (!opened.ok) throw new Error(opened.error.code);
    const listening = await opened.value.listen({ app: service, rendererDir: null });
    if (!listening.ok) throw new Error(listening.error.code);
    let connections = new AbortController();
    const { url, pin } = listening.value;
    const send = pin === null ? fetch : fetchWithPin(pin);
    const api = httpApi({
      baseUrl: `${pin === null ? url : url.replace('http:', 'https:')}/api/v1/app/`,
      token: { get: () => OWNER_KEY, set: () => undefined },
      fetch: (input, init) =>
        send(input, { ...init, signal: AbortSignal.any([connections.signal, ...(init?.signal == null ? [] : [init.signal])]) }),
      random: () => 0.5,
    });
    return {
      api,
      // The connection breaks: the client reconnects by itself.
      interrupt: (_listener, stop) => {
        connections.abort();
        connections = new AbortController();
        return stop;
      },
      close: () => opened.value.stop(),
    };
  };

export const TRANSPORTS: readonly (readonly [name: string, open: () => Promise<Program>])[] = [
  ['in process', () => openProgram(direct)],
  ['over IPC', () => openProgram(ipc)],
  ['over HTTP', () => openProgram(httpOn('127.0.0.1'))],
  ['over HTTP with TLS', () => openProgram(httpOn('0.0.0.0'))],
];
