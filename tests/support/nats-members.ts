// Members of a bus over real NATS servers for one test: opened with a recorder, and closed in the end.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';
import { systemClock } from '../../src/main/platform/clock';
import type { BusFault } from '../../src/main/scheduler/cluster/bus/bus';
import type { NatsSettings } from '../../src/main/scheduler/cluster/bus/nats-options';
import { openNatsBus } from '../../src/main/scheduler/cluster/bus/open-nats-bus';
import { NatsServer } from './nats';
import { RecordedBus } from './recorded-bus';
import { until } from './until';
import { WAIT_LIMIT_MS } from './within';

export class NatsMembers {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'muster-bus-'));
  readonly #members: RecordedBus[] = [];
  readonly #servers: NatsServer[] = [];

  async server(configuration = ''): Promise<NatsServer> {
    const server = await NatsServer.start(configuration);
    this.#servers.push(server);
    return server;
  }

  async cluster(): Promise<readonly [NatsServer, NatsServer]> {
    const servers = await NatsServer.startCluster();
    this.#servers.push(...servers);
    return servers;
  }

  /** The path of a file with this content, which can be written again. */
  file(name: string, content: string): string {
    const file = path.join(this.#folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }

  async open(url: string, settings: Partial<NatsSettings> = {}): Promise<RecordedBus> {
    const bus = await openNatsBus({ url, credentialsFile: null, caFile: null, memberName: 'test', ...settings }, 'pool-1', systemClock);
    if (!bus.ok) throw new Error(bus.error);
    const member = new RecordedBus(bus.value);
    this.#members.push(member);
    return member;
  }

  async connected(url: string, settings: Partial<NatsSettings> = {}): Promise<RecordedBus> {
    const member = await this.open(url, settings);
    await connectionOf(member);
    return member;
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.splice(0).map(({ bus }) => bus.close()));
    await Promise.all(this.#servers.splice(0).map((server) => server.close()));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export const connectionOf = (member: RecordedBus): Promise<unknown> =>
  until('the connection to nats-server', () => member.bus.isConnected, WAIT_LIMIT_MS);

/** The first fault of a member of this type. */
export const faultOfType = (member: RecordedBus, type: BusFault['type']): Promise<BusFault> =>
  until(`a fault ${type}`, () => member.faults().find((fault) => fault.type === type), WAIT_LIMIT_MS);

/** New for each test of a file or of a `describe`, and closed after the test. */
export function useNatsMembers(): () => NatsMembers {
  let members: NatsMembers | null = null;
  afterEach(async () => {
    await members?.close();
    members = null;
  });
  return () => (members ??= new NatsMembers());
}
