// A node of a pool under faults: an agent and a runtime, each a real process, behind the proxy of this node.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { NodeView } from '../../../src/shared/api/node-view';
import { type MusterLab, type MusterProcess, QUICK_AGENT } from '../muster-process';
import type { FaultEvent, Run } from './fault-record';
import type { SmallDisk } from './small-disk';
import { type Tap, TcpProxy } from './tcp-proxy';
import { tapMessages } from './wire-tap';
import { reservePort, type ReservedPort } from '../reserved-port';
import { within } from '../within';

export const MODEL = 'talker';

/** The state that a node reports of the model that its runtime serves. */
export const modelStateOf = (view: NodeView | undefined): string | undefined => view?.capability_state?.[MODEL];

export const isReadyWithModel = (view: NodeView): boolean => view.online && view.status === 'ready' && modelStateOf(view) === 'ready';

export interface FaultNodeOptions {
  readonly name: string;
  readonly lab: MusterLab;
  readonly capacity: number;
  readonly note: (event: FaultEvent) => void;
  /** The disk under the folder of the agent. */
  readonly disk?: Pick<SmallDisk, 'wrap' | 'root'>;
  /** Absent: the proxy of this node. */
  readonly schedulerUrl?: string;
  /** Of the agent. Absent: QUICK_AGENT. */
  readonly env?: Readonly<Record<string, string>>;
}

const PLAIN_DISK = { wrap: [], root: '' };

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

const here = (name: string): string => path.join(import.meta.dirname, name);

export class FaultNode {
  readonly name: string;
  readonly folder: string;
  readonly proxy: TcpProxy;
  readonly #lab: MusterLab;
  readonly #journal: string;
  readonly #capacity: number;
  readonly #disk: Pick<SmallDisk, 'wrap' | 'root'>;
  readonly #schedulerUrl: string;
  readonly #env: Readonly<Record<string, string>>;
  #runtime: ChildProcess | null = null;
  readonly #runtimePort: ReservedPort;
  #agent: MusterProcess | null = null;
  /** The id of the protocol, once the node has one. */
  nodeId: string | null = null;

  private constructor(options: FaultNodeOptions, proxy: TcpProxy, runtimePort: ReservedPort) {
    const { name, lab, capacity, disk = PLAIN_DISK, schedulerUrl = `ws://127.0.0.1:${String(proxy.port)}`, env = QUICK_AGENT } = options;
    this.name = name;
    this.#lab = lab;
    this.#capacity = capacity;
    this.folder = lab.dataDir(name, '', { models: false });
    this.proxy = proxy;
    this.#runtimePort = runtimePort;
    this.#journal = path.join(lab.folder, `${name}-runs.jsonl`);
    this.#disk = disk;
    this.#schedulerUrl = schedulerUrl;
    this.#env = env;
  }

  static async start(options: FaultNodeOptions): Promise<FaultNode> {
    const { name, note } = options;
    let connections = 0;
    const openTap = (): Tap => {
      const connection = connections++;
      return tapMessages((direction, message) => {
        if (message['type'] === 'node_register_ack') node.nodeId = String(message['node_id']);
        note({ type: 'wire', atMonotonicMs: performance.now(), node: name, connection, direction, message });
      });
    };
    const proxy = await TcpProxy.open({ openTap, isPatient: true });
    const node: FaultNode = new FaultNode(options, proxy, await reservePort());
    await node.startRuntime();
    node.startAgent();
    return node;
  }

  get agent(): MusterProcess {
    if (this.#agent === null) throw new Error(`${this.name} has no agent`);
    return this.#agent;
  }

  get runtime(): ChildProcess {
    if (this.#runtime === null) throw new Error(`${this.name} has no runtime`);
    return this.#runtime;
  }

  startAgent(): void {
    this.#agent = this.#lab.start(
      ['agent', '--data-dir', this.folder, '--scheduler', this.#schedulerUrl, '--simulate-gpu', 'Test:24', '--log-format', 'json', '--name', this.name],
      {
        ...this.#env,
        MUSTER_AGENT_MAX_CONCURRENT_JOBS: String(this.#capacity),
        MUSTER_RUNTIMES_URLS: `http://127.0.0.1:${String(this.#runtimePort.port)}`,
      },
      this.#disk.wrap,
    );
  }

  async startRuntime(): Promise<void> {
    const child = spawn(process.execPath, [here('runtime-program.ts'), String(this.#runtimePort.port), MODEL, this.#journal], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#runtime = child;
    this.#lab.own(child);
    await within(`the runtime of ${this.name} to listen`, once(createInterface({ input: child.stdout }), 'line'));
  }

  async mend(): Promise<void> {
    this.proxy.heal();
    if (hasEnded(this.runtime)) await this.startRuntime();
    else this.runtime.kill('SIGCONT');
    if (hasEnded(this.agent.child)) this.startAgent();
    else this.agent.signal('SIGCONT');
  }

  runs(): readonly Run[] {
    if (!existsSync(this.#journal)) return [];
    const lines = readFileSync(this.#journal, 'utf8').trim().split('\n');
    return lines.filter((line) => line !== '').map((line) => ({ ...(JSON.parse(line) as Omit<Run, 'node'>), node: this.name }));
  }

  /** Results on its disk that wait for their acknowledgement. */
  resultsLeft(): number {
    const folder = path.join(`${this.#disk.root}${this.folder}`, 'results');
    return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')).length : 0;
  }

  /** Closes the proxy and releases the port of the runtime. The lab ends the processes. */
  close(): Promise<void> {
    this.#runtimePort.release();
    return this.proxy.close();
  }
}
