// A cluster of real processes under faults: schedulers that share a real PostgreSQL, each behind a proxy for nodes and clients and a proxy
// to the database, agents that know all addresses, and the history that clients and nodes see.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { sendRequest } from '../http-api';
import { MusterLab, type MusterProcess } from '../muster-process';
import { NatsServer } from '../nats';
import { type PostgresOptions, TestPostgres } from '../postgres';
import { reservePort, type ReservedPort } from '../reserved-port';
import { until } from '../until';
import { foreignWrites, newClusterDatabase } from './cluster-database';
import { type ClusterEvent, clusterViolations } from './cluster-history';
import { FaultNode } from './fault-node';
import type { Direction } from './tcp-proxy';
import { TcpProxy } from './tcp-proxy';
import { tapMessages } from './wire-tap';

const HOST = '127.0.0.1';
const CAPACITY = 2;
/** The longest wait for a leader: a lease, and the start of its scheduler on a busy machine. */
const LEADER_WAIT_MS = 40_000;

export interface ClusterPoolOptions {
  readonly members?: number;
  readonly nodes?: number;
  readonly postgres?: PostgresOptions;
  /** The hosts of the database, in its URL. Default: the proxy of the member. */
  readonly databaseHosts?: (member: ClusterPoolMember, server: TestPostgres) => string;
  /** The members have a NATS server, each behind its proxy, so that each of them serves. Default: only the leader serves. */
  readonly hasBus?: boolean;
  /** Lines of the configuration. Default: the nodes are ready after one health check. */
  readonly config?: string;
  /** Of the members, besides what each test has. */
  readonly memberEnv?: (name: string, lab: MusterLab) => Readonly<Record<string, string>>;
  /** Of the agents. */
  readonly agentEnv?: Readonly<Record<string, string>>;
  /** Each message of a registered node, also that of its registration. */
  readonly onWire?: (message: WireMessage & { readonly node: string }) => void;
  /** Before the members start. */
  readonly prepare?: (server: TestPostgres) => Promise<void>;
}

/** Lines of the log about the terms of a member. */
const TERM_EVENTS: readonly unknown[] = ['cluster_leads', 'cluster_lease_lost', 'cluster_step_down'];
const isRunning = ({ child }: MusterProcess): boolean => child.exitCode === null && child.signalCode === null;
const isOfTerm = ({ event }: Readonly<Record<string, unknown>>): boolean => TERM_EVENTS.includes(event);

export interface ClusterPoolMember {
  readonly name: string;
  /** For nodes and clients. */
  readonly proxy: TcpProxy;
  readonly databaseProxy: TcpProxy;
  readonly busProxy: TcpProxy;
  readonly reserved: ReservedPort;
  process: MusterProcess | null;
}

/** Of its last term. NaN: it has never led. */
export const epochOf = ({ process }: ClusterPoolMember): number =>
  Number(process?.lines.findLast(({ event }) => event === 'cluster_leads')?.['epoch']);

/** A message between a node and a member. */
export interface WireMessage {
  readonly atMs: number;
  readonly member: string;
  /** Null: not registered on this connection. */
  readonly node: string | null;
  /** Counted over all members. */
  readonly connection: number;
  readonly direction: Direction;
  readonly message: Readonly<Record<string, unknown>>;
}

export class ClusterPool {
  readonly lab = new MusterLab();
  readonly members: ClusterPoolMember[] = [];
  readonly nodes: FaultNode[] = [];
  readonly events: ClusterEvent[] = [];
  readonly wire: WireMessage[] = [];
  readonly server: TestPostgres;
  readonly bus: NatsServer | null;
  database = '';
  readonly #options: ClusterPoolOptions;
  #connections = 0;

  private constructor(server: TestPostgres, bus: NatsServer | null, options: ClusterPoolOptions) {
    this.server = server;
    this.bus = bus;
    this.#options = options;
  }

  /** `own` gets the pool before it is whole, so that its processes end with the test in any case. */
  static async open(own: (pool: ClusterPool) => void, options: ClusterPoolOptions = {}): Promise<ClusterPool> {
    const server = await TestPostgres.start(options.postgres);
    const bus = options.hasBus === true ? await NatsServer.start() : null;
    const pool = new ClusterPool(server, bus, options);
    own(pool);
    for (const name of ['a', 'b', 'c'].slice(0, options.members ?? 2)) await pool.#addMember(name);
    pool.database = await newClusterDatabase(
      server,
      pool.members.map(({ name }) => name),
    );
    await options.prepare?.(server);
    await Promise.all(pool.members.map((member) => pool.startMember(member)));
    await pool.leader();
    for (const name of ['node-a', 'node-b'].slice(0, options.nodes ?? 2)) await pool.#addNode(name);
    await pool.nodesReady();
    return pool;
  }

  async #addMember(name: string): Promise<void> {
    const reserved = await reservePort();
    const proxy = await TcpProxy.open({ openTap: () => this.#tap(name) });
    proxy.leadTo(reserved.port);
    const databaseProxy = await TcpProxy.open();
    databaseProxy.leadTo(this.server.port);
    const busProxy = await TcpProxy.open();
    busProxy.leadTo(this.bus?.port ?? null);
    this.members.push({ name, proxy, databaseProxy, busProxy, reserved, process: null });
  }

  /** Waits until it listens. */
  async startMember(member: ClusterPoolMember, env: Readonly<Record<string, string>> = {}): Promise<MusterProcess> {
    const { name, proxy, databaseProxy, busProxy, reserved } = member;
    const folder = this.lab.dataDir(`member-${name}`, '', { models: false });
    const hosts = this.#options.databaseHosts?.(member, this.server) ?? `${HOST}:${String(databaseProxy.port)}`;
    const config = this.lab.configFile(
      `member-${name}`,
      `[server]\nport = ${String(reserved.port)}\n` +
        `[cluster]\ndatabase_url = "postgres://${name}@${hosts}/${this.database}"\nmember_name = "${name}"\n` +
        `address = "${HOST}:${String(proxy.port)}"\n` +
        (this.bus === null ? '' : `bus_url = "nats://${HOST}:${String(busProxy.port)}"\n`) +
        `[scheduler.jobs]\nkeep_answers = true\n[scheduler.load_balancer]\nresource_threshold = 100\n` +
        (this.#options.config ?? `[scheduler.node_health]\nhealth_check_success_threshold = 1\n`),
    );
    const NODE_COMPILE_CACHE = path.join(this.lab.folder, 'compiled');
    const argv = ['scheduler', '--data-dir', folder, '--config', config, '--log-format', 'json'];
    const started = this.lab.start(argv, { NODE_COMPILE_CACHE, ...this.#options.memberEnv?.(name, this.lab), ...env });
    member.process = started;
    await started.line('cluster_member_listening');
    return started;
  }

  processOf({ name, process }: ClusterPoolMember): MusterProcess {
    if (process === null) throw new Error(`${name} does not run`);
    return process;
  }

  async #addNode(name: string): Promise<void> {
    const [schedulerUrl = '', ...others] = this.members.map(({ proxy }) => `ws://${HOST}:${String(proxy.port)}`);
    const note = (): undefined => undefined;
    const env = { ...this.#options.agentEnv, MUSTER_AGENT_OTHER_SCHEDULERS: others.join(',') };
    this.nodes.push(await FaultNode.start({ name, lab: this.lab, capacity: CAPACITY, note, schedulerUrl, env }));
  }

  /** Records the messages of one connection. */
  #tap(member: string) {
    let node: string | null = null;
    const connection = this.#connections++;
    return tapMessages((direction, message) => {
      const atMs = performance.now();
      if (message['type'] === 'node_register') node = String(message['name']);
      const seen = { atMs, member, connection, direction, message };
      this.wire.push({ ...seen, node });
      if (node === null) return;
      this.#options.onWire?.({ ...seen, node });
      const job = { atMs, node, jobId: String(message['job_id']), attempt: Number(message['attempt']) };
      if (direction === 'down' && message['type'] === 'job_assign') this.events.push({ type: 'assigned', member, ...job });
      if (direction === 'up' && message['type'] === 'job_result') {
        const output = JSON.stringify(message['output'] ?? null);
        this.events.push({ type: 'produced', isSuccess: message['success'] === true, output, ...job });
      }
    });
  }

  /** How many nodes have registered since: at this leader, or with a bus at any member, which forwards to the leader. */
  registeredSince(leader: ClusterPoolMember, sinceMs: number): number {
    const members = this.bus === null ? [leader] : this.members;
    return new Set(members.flatMap((member) => this.sentBy(member, 'node_register_ack', sinceMs)).map(({ node }) => node)).size;
  }

  /** Messages that a member sent to nodes, from an instant on. */
  sentBy(member: ClusterPoolMember, type: string, sinceMs: number): readonly WireMessage[] {
    return this.wire.filter(
      (one) => one.member === member.name && one.direction === 'down' && one.message['type'] === type && one.atMs >= sinceMs,
    );
  }

  /** Whether the member leads and takes traffic: with a bus by its log, because each member takes traffic. */
  async leads({ reserved, process }: ClusterPoolMember): Promise<boolean> {
    if (this.bus !== null) return process !== null && isRunning(process) && process.lines.findLast(isOfTerm)?.event === 'cluster_leads';
    return this.isReady({ reserved });
  }

  /** Whether the member takes traffic. */
  async isReady({ reserved }: Pick<ClusterPoolMember, 'reserved'>): Promise<boolean> {
    const answer = await sendRequest(reserved.port, { path: '/readyz', limitMs: 1000 }).catch(() => null);
    return answer?.status === 200;
  }

  /** The member that leads. */
  leader(among: readonly ClusterPoolMember[] = this.members): Promise<ClusterPoolMember> {
    const look = async (): Promise<ClusterPoolMember | undefined> => {
      const lead = await Promise.all(among.map((member) => this.leads(member)));
      return among.find((_, i) => lead[i]);
    };
    return until('a member to lead', look, LEADER_WAIT_MS).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.report()}`);
    });
  }

  others(member: ClusterPoolMember): readonly ClusterPoolMember[] {
    return this.members.filter((other) => other !== member);
  }

  /** All nodes are registered with the leader, and ready with their model. */
  async nodesReady(): Promise<void> {
    await until(
      'the nodes to be ready',
      async () => {
        for (const { reserved } of this.members) {
          const answer = await sendRequest(reserved.port, { path: '/api/v1/nodes', limitMs: 2000 }).catch(() => null);
          if (answer?.status !== 200) continue;
          const { nodes } = answer.json() as { readonly nodes: readonly { readonly online: boolean; readonly status: string }[] };
          return nodes.filter(({ online, status }) => online && status === 'ready').length >= this.nodes.length;
        }
        return false;
      },
      LEADER_WAIT_MS,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.report()}`);
    });
  }

  async nodeIds(): Promise<readonly string[]> {
    const { reserved } = await this.leader();
    const answer = await sendRequest(reserved.port, { path: '/api/v1/nodes' });
    return (answer.json() as { readonly nodes: readonly { readonly node_id: string }[] }).nodes.map(({ node_id: id }) => id);
  }

  /** Fails with what clients and nodes saw that a cluster must not do, and with writes of members that did not lead. */
  async verify(options: { readonly isAtRest?: boolean; readonly writers?: boolean } = {}): Promise<void> {
    const runs = this.nodes.flatMap((node) => node.runs()).filter(({ event }) => event === 'begin');
    const foreign = options.writers === false ? [] : await foreignWrites(this.server, this.database);
    const violations = [...clusterViolations({ events: this.events, runs }, options), ...foreign];
    if (violations.length > 0) throw new Error(`violated:\n${violations.join('\n')}\n${this.report()}`);
  }

  /** The last log lines of each process. */
  report(): string {
    const processes = [
      ...this.members.map(({ name, process }) => [name, process] as const),
      ...this.nodes.map((node) => [node.name, node.agent] as const),
    ];
    return processes.map(([name, process]) => `--- ${name}\n${process?.output.slice(-3000) ?? 'not started'}`).join('\n');
  }

  async close(): Promise<void> {
    for (const { process } of this.members) process?.signal('SIGCONT');
    await this.lab.close();
    await Promise.all(
      [...this.members.flatMap(({ proxy, databaseProxy, busProxy }) => [proxy, databaseProxy, busProxy]), ...this.nodes].map((one) =>
        one.close(),
      ),
    );
    for (const { reserved } of this.members) reserved.release();
    await this.bus?.close();
    await this.server.remove();
    rmSync(this.lab.folder, { recursive: true, force: true });
  }
}
