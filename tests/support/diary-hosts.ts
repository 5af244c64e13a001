// Two computers of the diaries, anna-desktop and ben-tower, in a network of namespaces: each has its own loopback, so the default ports are
// free and an Ollama can listen at its usual port. All settings of Muster are the defaults, except the limits of the load: the load of the
// test machine must not decide whether a node is available.
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer, connect, type Server } from 'node:net';
import path from 'node:path';
import { DesktopLab } from './desktop-app';
import { MusterLab, type MusterProcess } from './muster-process';
import { NetLab } from './net-lab';
import { requireChromium } from './requirements';
import { type OllamaState, openOllama } from './stand-ins/ollama';
import type { StandIn } from './stand-ins/stand-in';

export const COMPUTERS = { 'anna-desktop': '10.77.0.2', 'ben-tower': '10.77.0.3' } as const;
export type Computer = keyof typeof COMPUTERS;

const OLLAMA_PORT = 11_434;
/** Connects each client of a port of the namespace to a socket in the file system. */
const RELAY = `const net = require('node:net');
net.createServer((client) => {
  const server = net.connect(process.argv[2]);
  for (const socket of [client, server]) socket.on('error', () => socket.destroy());
  client.pipe(server).pipe(client);
}).listen(+process.argv[1], '127.0.0.1', () => console.log('listening'));`;

const CONFIG = `[scheduler.load_balancer]
resource_threshold = 100
`;

export class DiaryHosts {
  readonly net: NetLab;
  readonly lab = new MusterLab();
  readonly #desktops: DesktopLab[] = [];
  readonly #standIns: StandIn[] = [];
  readonly #relays: Server[] = [];

  private constructor(net: NetLab) {
    this.net = net;
  }

  static async open(): Promise<DiaryHosts> {
    const net = await NetLab.open();
    net.switch('lan');
    for (const [computer, address] of Object.entries(COMPUTERS)) {
      net.host(computer);
      net.cable(computer, 'lan', 'eth0', `${address}/24`);
    }
    return new DiaryHosts(net);
  }

  /** A computer with a GPU and a desktop, on which Muster never ran. */
  desktop(computer: Computer): DesktopLab {
    const desktop = new DesktopLab(this.enter(computer));
    this.#desktops.push(desktop);
    desktop.configure(CONFIG);
    desktop.plugInH100();
    return desktop;
  }

  /** Ollama with three models, at its usual port. */
  async ollama(computer: Computer, state: OllamaState): Promise<void> {
    const standIn = await openOllama(state);
    this.#standIns.push(standIn);
    const file = path.join(this.lab.folder, `ollama-${computer}`);
    const relay = createServer((client) => {
      const server = connect(Number(standIn.url.port), '127.0.0.1');
      for (const socket of [client, server]) socket.on('error', () => socket.destroy());
      client.pipe(server).pipe(client);
    });
    this.#relays.push(relay);
    await new Promise<void>((listening) => relay.listen(file, listening));
    const inside = this.net.spawn(computer, [process.execPath, '-e', RELAY, String(OLLAMA_PORT), file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.lab.own(inside);
    if (inside.stdout !== null) await once(inside.stdout, 'data');
  }

  /** A command of Muster on a computer without a window. */
  start(computer: Computer, argv: readonly string[]): MusterProcess {
    const env = { MUSTER_SERVER_ANNOUNCE: 'true', MUSTER_RUNTIMES_LOOK_FOR_LOCAL: 'true', MUSTER_LOG_FORMAT: 'json' };
    return this.lab.start([...argv, '--data-dir', path.join(this.lab.folder, computer)], env, this.enter(computer));
  }

  /** A pool with a simulated GPU, by a person at a terminal. */
  async pool(computer: Computer, ...argv: readonly string[]): Promise<MusterProcess> {
    this.lab.dataDir(computer, CONFIG, { models: false });
    const pool = this.start(computer, ['pool', '--simulate-gpu', 'RTX 4090:24', ...argv]);
    await pool.line('node_status_changed', { to: 'ready' });
    return pool;
  }

  /** A computer without a window joins, and stays in the pool. */
  join(computer: Computer, link: string): MusterProcess {
    this.lab.dataDir(computer, CONFIG, { models: false });
    return this.start(computer, ['join', link, '--simulate-gpu', 'RTX 3060:12']);
  }

  /** The output of a command. */
  async run(computer: Computer, ...argv: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.start(computer, argv).finished;
    if (code !== 0) throw new Error(`muster ${argv.join(' ')}: ${String(code)} ${stderr}`);
    return stdout;
  }

  /** A program that runs Chromium on a computer. */
  chromium(computer: Computer): string {
    const file = path.join(this.lab.folder, 'chromium');
    const argv = this.enter(computer, requireChromium().path ?? '').map((each) => `'${each}'`);
    writeFileSync(file, `#!/bin/sh\nexec ${argv.join(' ')} "$@"\n`);
    chmodSync(file, 0o700);
    return file;
  }

  /** The command that runs a program on a computer, with the name of the computer as host name. */
  enter(computer: Computer, ...command: readonly string[]): readonly [string, ...string[]] {
    return this.net.argv(computer, ['unshare', '-u', 'sh', '-c', 'hostname "$0" && exec "$@"', computer, ...command]);
  }

  async close(): Promise<void> {
    // Ends every process in the namespaces.
    await this.net.close();
    for (const desktop of this.#desktops) await desktop.close();
    await this.lab.close();
    for (const relay of this.#relays) relay.close();
    for (const standIn of this.#standIns) await standIn.close();
  }
}
