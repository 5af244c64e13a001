// A cluster under the traffic of the fault laboratory, with streams and drains, behind a load balancer, and its judge: the steps that its
// scenarios share.
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../until';
import { type ClusterOfFaults, openClusterOfFaults } from './cluster-of-faults';
import { type ClusterPool, type ClusterPoolMember, epochOf } from './cluster-pool';
import type { ClusterScheduler, ClusterSchedulerOptions } from './cluster-scheduler';
import type { FaultPool } from './fault-pool';
import type { FaultEvent } from './fault-record';
import { STREAMS_AND_DRAINS, Traffic, waitUntilResumed } from './traffic';

export interface JudgedOptions extends ClusterSchedulerOptions {
  /** Which member has the nodes and clients. */
  readonly at: 'leader' | 'replica';
}

const RESULTS = 20;
const STREAMS = 3;
/** No promise: nodes leave a frozen member after 12 s, and the machine is busy. */
const WAIT_MS = 60_000;
/** Of the load balancer. */
const CHECK_EVERY_MS = 500;
const FAILED_CHECKS = 3;

export class JudgedCluster implements ClusterOfFaults {
  readonly pool: FaultPool;
  readonly cluster: ClusterScheduler;
  /** That gets the connections of clients. */
  #connected: ClusterPoolMember;
  readonly #traffic: Traffic;
  readonly #balancing: Promise<void>;
  #isOver = false;

  private constructor({ pool, cluster }: ClusterOfFaults, connected: ClusterPoolMember, random: () => number) {
    this.pool = pool;
    this.cluster = cluster;
    this.#connected = connected;
    this.#balancing = this.#balance();
    this.#traffic = new Traffic(pool, random, STREAMS_AND_DRAINS);
  }

  /** Under traffic. `own` gets the cluster before it is whole. */
  static async open(own: (pool: ClusterPool) => void, random: () => number, { at, ...options }: JudgedOptions): Promise<JudgedCluster> {
    const opened = await openClusterOfFaults(own, options);
    const { pool, cluster } = opened;
    const [replica = cluster.leader] = cluster.pool.others(cluster.leader);
    const connected = at === 'leader' ? cluster.leader : replica;
    cluster.place(connected);
    pool.clientProxy.leadTo(cluster.port);
    await pool.ready();
    // From now on, each address leads to its member: nodes find another one themselves.
    cluster.release();
    return new JudgedCluster(opened, connected, random);
  }

  /** Ends the traffic, also after a failure. Its last requests end with the cluster. */
  end(): Promise<void> {
    this.#isOver = true;
    this.#traffic.stop().catch(() => undefined);
    return this.#balancing;
  }

  /** The member that has the connections of clients. */
  get connected(): ClusterPoolMember {
    return this.#connected;
  }

  get epoch(): number {
    return epochOf(this.cluster.leader);
  }

  #count(type: FaultEvent['type']): number {
    return this.pool.events.filter((event) => event.type === type).length;
  }

  #wholeStreams(): number {
    return this.pool.events.filter((event) => event.type === 'streamed' && event.cut === null).length;
  }

  /** Streams that had begun, and did not end: why. */
  get cutStreams(): readonly string[] {
    return this.pool.events.flatMap((event) =>
      event.type === 'streamed' && event.cut !== null ? [`${event.jobId} after ${String(event.pieces.length)} chunks: ${event.cut}`] : [],
    );
  }

  #results(): number {
    return this.pool.events.filter(
      (event) => event.type === 'wire' && event.direction === 'down' && event.message['type'] === 'job_result_ack',
    ).length;
  }

  /** Waits until the nodes are in use, and further results are stored and further streams end. */
  async goOn(): Promise<void> {
    await this.#resumed();
    const [results, streams] = [this.#results() + RESULTS, this.#wholeStreams() + STREAMS];
    await until('further results and streams', () => this.#results() >= results && this.#wholeStreams() >= streams, WAIT_MS).catch(
      (error: unknown) => {
        throw new Error(`${String(error)}\n${this.cluster.pool.report()}`);
      },
    );
  }

  async #resumed(): Promise<void> {
    await Promise.all(this.pool.nodes.map((node) => waitUntilResumed(this.pool, node, WAIT_MS)));
  }

  /** How long after the fault another member leads, without the time that opened its scheduler. */
  async takeOver(faultMs: number): Promise<number> {
    const next = await this.cluster.nextLeader();
    const tookMs = performance.now() - faultMs;
    return tookMs - Number(next.process?.lines.findLast(({ event }) => event === 'cluster_leads')?.['opened_ms']);
  }

  /** Waits until any member leads in a later term. */
  async furtherTerm(epoch: number): Promise<void> {
    const { pool } = this.cluster;
    const isLater = async (): Promise<boolean> => epochOf(await pool.leader()) > epoch;
    await until('a further term', isLater, WAIT_MS);
    await this.cluster.start();
  }

  /** As a load balancer: when the member takes no traffic and another one does, its connections end, and clients go to the other one. */
  async #balance(): Promise<void> {
    let failed = 0;
    while (!this.#isOver) {
      const other = (await this.cluster.pool.isReady(this.#connected)) ? null : await this.#readyOther();
      failed = other === null ? 0 : failed + 1;
      if (other !== null && failed >= FAILED_CHECKS) {
        this.#connected = other;
        this.pool.clientProxy.leadTo(other.reserved.port);
        this.pool.clientProxy.cut();
      }
      await pause(CHECK_EVERY_MS);
    }
  }

  /** Null: no other member takes traffic, as while none leads. */
  async #readyOther(): Promise<ClusterPoolMember | null> {
    const { pool } = this.cluster;
    for (const member of pool.others(this.#connected)) if (await pool.isReady(member)) return member;
    return null;
  }

  /** All has healed: waits for the end of the traffic, and throws with the violations. Returns what was judged. */
  async verify(): Promise<string> {
    await this.#resumed();
    await this.#traffic.stop();
    // An operator that was cut off may have left a drain.
    await this.#resumed();
    this.#isOver = true;
    await this.#balancing;
    await this.cluster.start();
    await this.pool.verify();
    const runs = this.pool.nodes.flatMap((node) => node.runs()).filter(({ event }) => event === 'begin').length;
    const of = (type: FaultEvent['type']): string => String(this.#count(type));
    return (
      `${String(this.pool.accepted.size)} jobs, ${of('followed')} of them followed, ${of('answered')} chats, ` +
      `${String(this.#wholeStreams())} streams (${String(this.cutStreams.length)} cut), ${of('drained')} drains, ${String(runs)} runs`
    );
  }
}
