// What serves behind the address of a member of a cluster. Without a bus: the server of a candidate, or that of the scheduler of its term. With
// a bus: its replica, for the whole life of the member.
import type { Server } from 'node:http';
import { hostname } from 'node:os';
import type { BusView } from '../../shared/api/cluster';
import { ok, type Result } from '../../shared/result';
import { version as VERSION } from '../../../package.json';
import { AbuseLog } from '../platform/abuse-log';
import { systemClock } from '../platform/clock';
import type { ClusterConfig, ServerConfig } from '../platform/config/config';
import type { Logger } from '../platform/logger';
import { accessPolicyOf } from '../scheduler/access/access-policy';
import { createCandidateServer } from '../scheduler/api/candidate-server';
import { Front } from '../scheduler/api/front';
import type { Bus } from '../scheduler/cluster/bus/bus';
import { ReachedLimits } from '../scheduler/replica/reached-limits';
import type { StartFailure } from './daemon';
import { type MemberReplica, openMemberReplica } from './member-replica';
import type { Settings } from './settings';

export class MemberFront {
  readonly front: Front;
  readonly abuse: AbuseLog;
  readonly #leader: () => string | null;
  readonly #logger: Logger;
  readonly #candidate: Server;
  readonly #limits = new ReachedLimits(systemClock);
  #replica: MemberReplica | null = null;

  /** `leader`: host and port of the leader, when it is another member. */
  constructor(server: ServerConfig, logger: Logger, leader: () => string | null) {
    this.#leader = leader;
    this.#logger = logger;
    this.#candidate = candidateServer(server, leader);
    this.front = new Front(this.#candidate);
    this.abuse = new AbuseLog({ clock: systemClock, logger, counters: this.#limits });
  }

  /** Null: this member has none. */
  get bus(): Bus | null {
    return this.#replica?.bus ?? null;
  }

  /** For the terms of this member. Null: it has no bus. */
  get replica(): Pick<MemberReplica, 'bus' | 'copies'> | null {
    return this.#replica;
  }

  /** Whether the member is connected to the bus. Null: it has none. */
  readonly hasBus = (): boolean | null => this.bus?.isConnected ?? null;

  /** The highest epoch that the bus knows. 0: none. */
  readonly busEpoch = (): number => this.bus?.epoch ?? 0;

  /** For the view of the cluster. */
  readonly busView = (): BusView | null => this.#replica?.busView() ?? null;

  /** Before the member listens, after it has the files of the cluster. */
  async open(settings: Settings, { bus, memberName }: ClusterConfig): Promise<Result<null, StartFailure>> {
    if (bus === null) return ok(null);
    const parts = {
      bus,
      memberName: memberName ?? hostname(),
      logger: this.#logger,
      abuse: this.abuse,
      limits: this.#limits,
      leader: this.#leader,
    };
    const opened = await openMemberReplica(settings, parts);
    if (!opened.ok) return opened;
    this.#replica = opened.value;
    this.front.serve(opened.value.server);
    return ok(null);
  }

  /** The scheduler of a term. Null: this member does not lead. */
  serve(server: Server | null): void {
    if (this.#replica !== null) return;
    this.front.serve(server ?? this.#candidate);
    // Connections of clients that must ask another member.
    if (server !== null) this.#candidate.closeAllConnections();
  }

  /** First: the leader then cancels the jobs of these clients. */
  async endAnswers(): Promise<void> {
    await this.#replica?.endAnswers();
  }

  async stop(): Promise<void> {
    await this.#replica?.stop();
    this.abuse.stop();
    this.#candidate.closeAllConnections();
  }
}

function candidateServer({ host, allowedHosts, tlsFiles }: ServerConfig, leader: () => string | null): Server {
  const startedAtMonotonicMs = systemClock.monotonicMs();
  return createCandidateServer({
    access: accessPolicyOf(host, hostname(), allowedHosts, { tlsFiles }),
    version: VERSION,
    uptimeSeconds: () => Math.round((systemClock.monotonicMs() - startedAtMonotonicMs) / 1000),
    leader,
  });
}
