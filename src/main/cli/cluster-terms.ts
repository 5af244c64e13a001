// The schedulers that a member of a cluster opens: one for each of its terms, with the settings of that time.
import type { Server } from 'node:http';
import { isLoopbackHost } from '../../shared/loopback';
import { ok, type Result } from '../../shared/result';
import { systemClock } from '../platform/clock';
import type { MusterConfig } from '../platform/config/config';
import type { Logger } from '../platform/logger';
import type { ClusterMember, OpenTerm, TermContext } from '../scheduler/cluster/cluster-member';
import type { Store } from '../scheduler/database/store';
import type { SchedulerDatabases } from '../scheduler/database/scheduler-databases';
import type { Listener, ListenerOptions } from '../scheduler/open-listener';
import type { SchedulerFailure } from '../scheduler/open-scheduler';
import type { ReplicaParts } from '../scheduler/scheduler';
import type { CliIo } from './command';
import { type DashboardParts, openServed, type Served } from './open-served';
import type { OwnerKey } from './owner-key';
import type { Settings } from './settings';

export interface Surroundings {
  readonly io: CliIo;
  readonly logger: Logger;
  readonly parts: DashboardParts;
}

interface Started {
  readonly owner: OwnerKey;
  readonly listener: Listener;
  /** Null: the leader takes all connections itself. */
  readonly replica: Pick<ReplicaParts, 'bus' | 'copies'> | null;
}

/** Opens the scheduler of each term with the present settings. */
export class ClusterTerms {
  readonly #surroundings: Surroundings;
  readonly #databaseName: string;
  #settings: Settings;
  #started: Started | null = null;
  #served: Served | null = null;
  readonly #furtherPorts = new Set<number>();

  constructor(settings: Settings, surroundings: Surroundings, databaseName: string) {
    this.#settings = settings;
    this.#surroundings = surroundings;
    this.#databaseName = databaseName;
  }

  /** Before the first term. */
  begin(started: Started): void {
    this.#started = started;
  }

  configure(config: MusterConfig): void {
    this.#settings = { ...this.#settings, config };
    this.#served?.scheduler.configure(config);
  }

  stopSoon(): void {
    this.#served?.scheduler.stopSoon();
  }

  async open({ epoch, store, clock, mayAct }: TermContext, member: ClusterMember): Promise<Result<OpenTerm, SchedulerFailure>> {
    const { io, logger, parts } = this.#surroundings;
    if (this.#started === null) throw new Error('the member does not listen yet');
    const { owner, listener, replica } = this.#started;
    const scheme = isLoopbackHost(this.#settings.config.server.host) ? 'ws' : 'wss';
    const servers: Server[] = [];
    const served = await openServed(this.#settings, io, parts, {
      logger,
      clock,
      ownerKey: owner.current,
      openDatabases: () => Promise.resolve(ok(this.#databases(store))),
      addresses: () => member.addresses().map((address) => `${scheme}://${address.toLowerCase()}`),
      cluster: {
        port: member,
        epoch,
        mayAssign: mayAct,
        replicas: replica === null ? undefined : { bus: replica.bus, copies: replica.copies, clock: systemClock, epoch, leads: mayAct },
        openListener: async ({ server }) => {
          await server.ready();
          servers.push(server.server);
          return ok(this.#listenerOf(listener, server));
        },
      },
    });
    if (!served.ok) return served;
    const [server] = servers;
    if (server === undefined) throw new Error('the scheduler does not listen');
    this.#served = served.value;
    return ok({
      server,
      stop: async () => {
        this.#served = null;
        await served.value.stop();
      },
    });
  }

  #databases(store: Store): SchedulerDatabases {
    const name = this.#databaseName;
    return { nodes: store, jobs: store, nodesName: name, jobsName: name, copies: null, close: () => store.close() };
  }

  /** The ports stay open from term to term. The connections of a term end with it. */
  #listenerOf({ port, certificate, listenOn }: Listener, inner: ListenerOptions['server']): Listener {
    return {
      port,
      certificate,
      releaseLog: () => undefined,
      listenOn: async (further) => {
        if (this.#furtherPorts.has(further)) return;
        await listenOn(further);
        this.#furtherPorts.add(further);
      },
      close: async () => {
        inner.server.closeAllConnections();
        await inner.close();
      },
    };
  }
}
