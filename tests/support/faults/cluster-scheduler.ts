// A cluster as the scheduler of a pool under faults: three members with a database and a bus. The leader decides. The test places clients
// and nodes at a member, as a load balancer does, and arms members with a kill point.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type MusterLab, type MusterProcess, QUICK_AGENT } from '../muster-process';
import { foreignWrites } from './cluster-database';
import { clusterViolations } from './cluster-history';
import { ClusterPool, type ClusterPoolMember, type WireMessage } from './cluster-pool';
import type { FaultNode } from './fault-node';
import type { FaultRecord, Stored } from './fault-record';
import { type FaultScheduler, healthConfig, KILL_POINTS, type KillPoint, type Note } from './fault-scheduler';
import { historyOf } from './history-of';
import { storedInPostgres } from './stored-jobs';

const HEARTBEAT_TIMEOUT_SECONDS = 2.5;

const killFile = (name: string, lab: MusterLab): string => path.join(lab.folder, `kill-${name}.json`);

export class ClusterScheduler implements FaultScheduler {
  readonly pool: ClusterPool;
  #leader: ClusterPoolMember;
  #placed: ClusterPoolMember | null = null;

  private constructor(pool: ClusterPool, leader: ClusterPoolMember) {
    this.pool = pool;
    this.#leader = leader;
    this.place(leader);
  }

  /** `own` gets the cluster before it is whole. `note` gets the messages of nodes. */
  static async open(own: (pool: ClusterPool) => void, note: Note): Promise<ClusterScheduler> {
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
        members: 3,
        hasBus: true,
        config: healthConfig(HEARTBEAT_TIMEOUT_SECONDS),
        memberEnv: (name, lab) => ({ NODE_OPTIONS: KILL_POINTS, MUSTER_TEST_KILL_FILE: killFile(name, lab) }),
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
    return storedInPostgres(this.pool.server, this.pool.database);
  }

  async violations({ events, runs }: FaultRecord, options: { readonly isAtRest?: boolean }): Promise<readonly string[]> {
    const begun = runs.filter(({ event }) => event === 'begin');
    return [
      ...clusterViolations({ events: historyOf(events), runs: begun }, options),
      ...(await foreignWrites(this.pool.server, this.pool.database)),
    ];
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
