// Real NATS servers on free ports of loopback, each in a folder of its own. They end with the test process.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { requirePrograms } from './requirements';
import { reservePort, type ReservedPort } from './reserved-port';
import { until } from './until';
import { within } from './within';

export const natsServer = requirePrograms('NATS', ['nats-server', 'setpriv'], 'nats-server util-linux');

const HOST = '127.0.0.1';

const isStopped = (pid: number, thread: string): boolean =>
  /^State:\s+T/m.test(readFileSync(`/proc/${String(pid)}/task/${thread}/status`, 'utf8'));

const MAX_LOG = 50_000;

export class NatsServer {
  readonly #reserved: readonly ReservedPort[];
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'muster-nats-'));
  #child: ChildProcess | null = null;
  #log = '';

  private constructor(reserved: readonly ReservedPort[]) {
    this.#reserved = reserved;
  }

  /** `configuration`: lines of the file besides host and port. Passwords in it are for its owner alone: mode 0600. */
  static async start(configuration = ''): Promise<NatsServer> {
    const server = new NatsServer([await reservePort()]);
    await server.#begin(configuration);
    return server;
  }

  /** Two servers of one cluster. */
  static async startCluster(configuration = ''): Promise<readonly [NatsServer, NatsServer]> {
    const routes = [await reservePort(), await reservePort()] as const;
    const ports = [await reservePort(), await reservePort()] as const;
    const servers = [new NatsServer([ports[0], routes[0]]), new NatsServer([ports[1], routes[1]])] as const;
    const route = ({ port }: ReservedPort): string => `${HOST}:${String(port)}`;
    const textOf = (name: string, own: ReservedPort, other: ReservedPort): string =>
      `server_name: ${name}\ncluster { name: muster, listen: "${route(own)}", routes: ["nats-route://${route(other)}"] }\n${configuration}`;
    await Promise.all([servers[0].#begin(textOf('a', routes[0], routes[1])), servers[1].#begin(textOf('b', routes[1], routes[0]))]);
    await until('the route between both servers', () => servers.every((server) => server.log.includes('Route connection created')));
    return servers;
  }

  get port(): number {
    return this.#reserved[0]?.port ?? 0;
  }

  get host(): string {
    return `${HOST}:${String(this.port)}`;
  }

  get url(): string {
    return `nats://${this.host}`;
  }

  get log(): string {
    return this.#log;
  }

  /** The number of connections that clients have opened so far. */
  get connections(): number {
    return this.#log.match(/Client connection created/g)?.length ?? 0;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    await within('the end of nats-server', exited);
  }

  /** On the same port, after `kill`. */
  async restart(): Promise<void> {
    await this.#run();
  }

  /** Other users or permissions, without a restart. */
  async reload(configuration: string): Promise<void> {
    const before = this.#reloads();
    this.#write(configuration);
    this.#child?.kill('SIGHUP');
    await until('the new configuration of nats-server', () => this.#reloads() > before);
  }

  /** Resolves when every thread has stopped: after the signal, one may still answer. */
  async freeze(): Promise<void> {
    const { pid } = this.#child ?? {};
    if (pid === undefined) return;
    process.kill(pid, 'SIGSTOP');
    await until('nats-server to stop', () => readdirSync(`/proc/${String(pid)}/task`).every((thread) => isStopped(pid, thread)));
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  async close(): Promise<void> {
    await this.kill();
    for (const port of this.#reserved) port.release();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #reloads(): number {
    return this.#log.match(/Reloaded server configuration/g)?.length ?? 0;
  }

  #write(configuration: string): void {
    writeFileSync(path.join(this.#folder, 'nats.conf'), `host: ${HOST}\nport: ${String(this.port)}\ndebug: true\n${configuration}`, {
      mode: 0o600,
    });
  }

  #begin(configuration: string): Promise<void> {
    this.#write(configuration);
    return this.#run();
  }

  async #run(): Promise<void> {
    const args = ['--pdeathsig', 'KILL', natsServer.path ?? 'nats-server', '-c', path.join(this.#folder, 'nats.conf')];
    const child = spawn('setpriv', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child = child;
    child.stderr.on('data', (data: Buffer) => {
      this.#log = (this.#log + data.toString()).slice(-MAX_LOG);
    });
    await until('nats-server listens', async () => {
      if (child.exitCode !== null) throw new Error(`nats-server ended: ${this.#log}`);
      return isListening(this.port);
    });
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
