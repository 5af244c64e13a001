// A cluster as the scheduler of a pool under faults: three members with a database and a bus. The leader decides. The test places clients
// and nodes at a member, as a load balancer does, and arms members with a kill point.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type MusterLab, type MusterProcess, QUICK_AGENT } from '../muster-process';
import type { TestPostgres } from '../postgres';
import { foreignWrites } from './cluster-database';
import { clusterViolations } from './cluster-history';
import { ClusterPool, type ClusterPoolMember, type ClusterPoolOptions, type WireMessage } from './cluster-pool';
import type { FaultNode } from './fault-node';
import type { FaultRecord, Stored } from './fault-record';
import { type FaultScheduler, healthConfig, KILL_POINTS, type KillPoint, type Note } from './fault-scheduler';
import { historyOf } from './history-of';
import { storedInPostgres } from './stored-jobs';

const HEARTBEAT_TIMEOUT_SECONDS = 2.5;

const killFile = (name: string, lab: MusterLab): string => path.join(lab.folder, `kill-${name}.json`);

export interface ClusterSchedulerOptions extends Pick<ClusterPoolOptions, 'postgres' | 'databaseHosts' | 'prepare' | 'memberEnv'> {
  /** Of nodes. Default: 2.5 s, so that lost nodes are noticed soon. */
  readonly heartbeatTimeoutSeconds?: number;
}

export class ClusterScheduler implements FaultScheduler {
  readonly pool: ClusterPool;
  /** The server whose rows are judged. After a promotion: the promoted one. */
  database: TestPostgres;
  #leader: ClusterPoolMember;
  #placed: ClusterPoolMember | null = null;

  private constructor(pool: ClusterPool, leader: ClusterPoolMember) {
    this.pool = pool;
    this.database = pool.server;
    this.#leader = leader;
    this.place(leader);
  }

  /** `own` gets the cluster before it is whole. `note` gets the messages of nodes. */
  static async open(
    own: (pool: ClusterPool) => void,
    note: Note,
    { memberEnv, heartbeatTimeoutSeconds = HEARTBEAT_TIMEOUT_SECONDS, ...options }: ClusterSchedulerOptions = {},
  ): Promise<ClusterScheduler> {
    const open: ClusterPool[] = [];
    const onWire = ({ atMs, node, connection, direction, message }: WireMessage & { readonly node: string }): void => {
      const sent = open[0]?.nodes.find(({ name }) => name === node);
      if (message['type'] === 'node_register_ack' && sent !== undefined) sent.nodeId = String(message['node_id']);
      note({ type: 'wire', atMonotonicMs: atMs, node, connection, direction, message });
    };
    const pool = await ClusterPool.open(
      (opened) => {
        open.push(opened);
        own(opened);
      },
      {
        ...options,
        members: 3,
        hasBus: true,
        config: healthConfig(heartbeatTimeoutSeconds),
        memberEnv(name, lab) {
          const { NODE_OPTIONS = '', ...env } = memberEnv?.(name, lab) ?? {};
          // It is read at SIGUSR2, which other modules use too.
          writeFileSync(killFile(name, lab), 'null');
          return { ...env, NODE_OPTIONS: `${KILL_POINTS} ${NODE_OPTIONS}`, MUSTER_TEST_KILL_FILE: killFile(name, lab) };
        },
        agentEnv: QUICK_AGENT,
        onWire,
      },
    );
    return new ClusterScheduler(pool, await pool.leader());
  }

  get lab(): MusterLab {
    return this.pool.lab;
  }

  get process(): MusterProcess {
    return this.pool.processOf(this.#leader);
  }

  /** Of the member that has the clients and nodes. */
  get port(): number {
    return (this.#placed ?? this.#leader).reserved.port;
  }

  get leader(): ClusterPoolMember {
    return this.#leader;
  }

  /** The members whose process runs. */
  living(): readonly ClusterPoolMember[] {
    return this.pool.members.filter(({ process }) => process?.child.exitCode === null && process.child.signalCode === null);
  }

  /** Starts the members that have ended, and waits for a leader. */
  async start(): Promise<void> {
    const living = this.living();
    const ended = this.pool.members.filter((member) => !living.includes(member));
    const [leader] = await Promise.all([this.pool.leader(), ...ended.map((member) => this.pool.startMember(member))]);
    this.#leader = leader;
  }

  /** Waits until another member leads. */
  async nextLeader(): Promise<ClusterPoolMember> {
    this.#leader = await this.pool.leader(this.pool.others(this.#leader));
    return this.#leader;
  }

  /** New connections of nodes go to the member of their address, as without a load balancer. Present ones stay. */
  release(): void {
    this.#placed = null;
    for (const { proxy, reserved } of this.pool.members) proxy.leadTo(reserved.port);
  }

  /** New connections of nodes go to this member, and present ones end. Clients follow: see `port`. */
  place(member: ClusterPoolMember): void {
    if (this.#placed === member) return;
    this.#placed = member;
    for (const { proxy } of this.pool.members) {
      proxy.leadTo(member.reserved.port);
      proxy.cut();
    }
  }

  /** Null: no kill point. */
  arm(member: ClusterPoolMember, killPoint: KillPoint | null): void {
    writeFileSync(killFile(member.name, this.lab), JSON.stringify(killPoint));
    this.pool.processOf(member).signal('SIGUSR2');
  }

  /** The pool has its nodes already. */
  addNodes(): Promise<readonly FaultNode[]> {
    return Promise.resolve(this.pool.nodes);
  }

  stored(): Promise<ReadonlyMap<string, Stored>> {
    return storedInPostgres(this.database, this.pool.database);
  }

  async violations({ events, runs }: FaultRecord, options: { readonly isAtRest?: boolean }): Promise<readonly string[]> {
    const begun = runs.filter(({ event }) => event === 'begin');
    return [
      ...clusterViolations({ events: historyOf(events), runs: begun }, options),
      ...(await foreignWrites(this.database, this.pool.database)),
    ];
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
