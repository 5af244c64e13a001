// What decides in a pool under faults: one scheduler with files, or a cluster whose leader decides (`cluster-scheduler.ts`).
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { MusterLab, type MusterProcess, writeOwnerKey } from '../muster-process';
import { reservePort, type ReservedPort } from '../reserved-port';
import { FaultNode } from './fault-node';
import type { FaultEvent, FaultRecord, Stored } from './fault-record';
import type { SmallDisk } from './small-disk';
import { storedJobs } from './stored-jobs';

export interface KillPoint {
  readonly side: 'before' | 'after';
  readonly act: string;
  readonly nth: number;
}

export type OpenDisk = (lab: MusterLab, folder: string) => Promise<SmallDisk>;
export type Note = (event: FaultEvent) => void;

export interface FaultScheduler {
  readonly lab: MusterLab;
  /** The process that decides. */
  readonly process: MusterProcess;
  /** Of a scheduler itself, not of a proxy. */
  readonly port: number;
  /** With a kill point, the process kills itself there. */
  start(killPoint: KillPoint | null): Promise<void>;
  /** Their messages are noted. */
  addNodes(names: readonly string[], note: Note): Promise<readonly FaultNode[]>;
  stored(): Promise<ReadonlyMap<string, Stored>>;
  /** What only this kind of scheduler must not do. */
  violations(record: FaultRecord, options: { readonly isAtRest?: boolean }): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Loaded before the program of a scheduler: see there. */
export const KILL_POINTS = `--import ${pathToFileURL(path.join(import.meta.dirname, 'kill-points.ts')).href}`;

/** Of the nodes' health, so that faults are noticed soon. */
export const healthConfig = (timeoutSeconds: number): string =>
  `[scheduler.node_health]\nheartbeat_interval_seconds = 0.5\nheartbeat_timeout_seconds = ${String(timeoutSeconds)}\n` +
  `health_check_success_threshold = 1\n`;

export interface FileSchedulerOptions {
  readonly capacity: number;
  readonly heartbeatTimeoutSeconds: number;
  /** These functions open a separate disk for the data folder of the scheduler, and of each node. Absent: no separate disk. */
  readonly schedulerDisk?: OpenDisk;
  readonly nodeDisk?: OpenDisk;
}

export class FileScheduler implements FaultScheduler {
  readonly lab = new MusterLab();
  readonly #folder: string;
  readonly #config: string;
  readonly #options: FileSchedulerOptions;
  /** The scheduler keeps it over its restarts. */
  readonly #reserved: ReservedPort;
  #disk: SmallDisk | null = null;
  #process: MusterProcess | null = null;

  private constructor(reserved: ReservedPort, options: FileSchedulerOptions) {
    this.#reserved = reserved;
    this.#options = options;
    this.#config = this.lab.configFile(
      'scheduler',
      `[server]\nport = ${String(reserved.port)}\n[scheduler.jobs]\nkeep_answers = true\n` +
        `[scheduler.load_balancer]\nresource_threshold = 100\n${healthConfig(options.heartbeatTimeoutSeconds)}`,
    );
    this.#folder = path.join(this.lab.folder, 'scheduler-data');
  }

  static async open(options: FileSchedulerOptions): Promise<FileScheduler> {
    const scheduler = new FileScheduler(await reservePort(), options);
    scheduler.#disk = (await options.schedulerDisk?.(scheduler.lab, scheduler.#folder)) ?? null;
    writeOwnerKey(scheduler.#realFolder);
    await scheduler.start(null);
    return scheduler;
  }

  get process(): MusterProcess {
    if (this.#process === null) throw new Error('there is no scheduler');
    return this.#process;
  }

  get port(): number {
    return this.#reserved.port;
  }

  get #realFolder(): string {
    return `${this.#disk?.root ?? ''}${this.#folder}`;
  }

  async start(killPoint: KillPoint | null): Promise<void> {
    // The scheduler starts dozens of times. Only a process that ends in order writes Node's compile cache, which speeds up the next start.
    const { NODE_COMPILE_CACHE = path.join(this.lab.folder, 'compiled') } = process.env;
    const armed = killPoint === null ? {} : { NODE_OPTIONS: KILL_POINTS, MUSTER_TEST_KILL: JSON.stringify(killPoint) };
    this.#process = this.lab.start(
      ['scheduler', '--data-dir', this.#folder, '--config', this.#config, '--log-format', 'json'],
      { NODE_COMPILE_CACHE, ...armed },
      this.#disk?.wrap ?? [],
    );
    await this.#process.url();
  }

  addNodes(names: readonly string[], note: Note): Promise<readonly FaultNode[]> {
    return Promise.all(names.map((name) => this.#addNode(name, note)));
  }

  async #addNode(name: string, note: Note): Promise<FaultNode> {
    const { lab } = this;
    const { capacity, nodeDisk } = this.#options;
    const disk = await nodeDisk?.(lab, path.join(lab.folder, name));
    const node = await FaultNode.start({ name, lab, capacity, note, ...(disk === undefined ? {} : { disk }) });
    node.proxy.leadTo(this.port);
    return node;
  }

  stored(): Promise<ReadonlyMap<string, Stored>> {
    return Promise.resolve(storedJobs(this.#realFolder));
  }

  violations(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  async close(): Promise<void> {
    await this.lab.close();
    this.#reserved.release();
  }
}
