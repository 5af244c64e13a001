// Joining by digits, for a scheduler whose CA has a pin: the endpoint of newcomers, their requests, and the announcement of the pool
// while it is shared (ADR 0022). Without a pin there are no requests, and newcomers are refused.
import type { IncomingMessage } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';
import { failure } from '../contracts/app-errors';
import type { JoinRequests, NewcomerCredentials } from '../contracts/ports';
import { announcePool, type PoolAnnouncement } from '../joining/announce';
import type { PoolOffer } from '../joining/core/dns-records';
import { JOIN_SOCKET_PATH, toClaim } from '../joining/core/join-messages';
import { listeningAddresses } from '../joining/core/lan-interfaces';
import { type JoinConnection, JoinHost, type JoinLink } from '../joining/join-host';
import { poolIdOf } from '../joining/pool-id';
import type { AbuseLog } from '../platform/abuse-log';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { AccessPolicy } from './access/access-policy';
import { JoinEndpoint } from './join-socket/join-endpoint';
import type { Admissions } from './members/admissions';

export interface JoiningOptions {
  readonly access: AccessPolicy;
  /** `server.host`. */
  readonly host: string;
  /** `server.announce`. */
  readonly isAnnounced: boolean;
  readonly credentials: NewcomerCredentials;
  /** For the announcement. */
  readonly offer: () => PoolOffer;
  /** The names of the known nodes. */
  readonly knownNames: () => readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly abuse: AbuseLog;
}

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export class Joining {
  readonly requests: JoinRequests;
  readonly #options: JoiningOptions;
  readonly #endpoint: JoinEndpoint;
  readonly #listeners = new Set<() => void>();
  #host: JoinHost | null = null;
  #announcement: PoolAnnouncement | null = null;

  constructor(options: JoiningOptions) {
    this.#options = options;
    this.#endpoint = new JoinEndpoint(options.access);
    const unknown = (id: string) => failure('NOT_FOUND', { request_id: id, reason: 'unknown_join_request' });
    this.requests = {
      list: () => this.#host?.list() ?? [],
      subscribe: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      approve: (id, roles) => this.#host?.approve(id, roles) ?? unknown(id),
      deny: (id) => this.#host?.deny(id) ?? unknown(id),
    };
  }

  /** For the `upgrade` event of the HTTP server. Every path but that of newcomers goes to `others`. */
  upgradeOr(others: Upgrade): Upgrade {
    return (request, socket, head) => {
      const isJoin = request.url?.split('?', 1)[0] === JOIN_SOCKET_PATH;
      (isJoin ? this.#endpoint.upgrade : others)(request, socket, head);
    };
  }

  /** For a newcomer whose connection is at a replica. Null: too many are open, or this pool has no pin. */
  readonly open = (link: JoinLink): JoinConnection | null => this.#host?.open(link) ?? null;

  /** `pin` null: on loopback, or with a certificate of the owner. */
  start({ pin, port }: { readonly pin: string | null; readonly port: number }): void {
    if (pin === null) return;
    const { credentials, knownNames, clock, logger, abuse, isAnnounced, host, offer } = this.#options;
    const poolName = toClaim(hostname()) ?? poolIdOf(pin);
    const addresses = () => listeningAddresses(networkInterfaces(), host);
    this.#host = new JoinHost({ pin, poolName, addresses, knownNames, credentials, clock, logger, abuse });
    this.#host.subscribe(() => {
      for (const listener of [...this.#listeners]) listener();
    });
    this.#endpoint.serve(this.#host);
    if (isAnnounced) this.#announcement = announcePool({ id: poolIdOf(pin), name: poolName, port, host, offer }, clock, logger);
  }

  async stop(): Promise<void> {
    this.#endpoint.stop();
    await this.#announcement?.stop();
  }
}

export const newcomerCredentials = (admissions: Pick<Admissions, 'addNode' | 'withdraw'>): NewcomerCredentials => ({
  async issue(name, roles) {
    const added = await admissions.addNode(name, roles);
    if (!added.ok) throw new Error(added.error);
    return added.value;
  },
  withdraw(memberId) {
    admissions.withdraw(memberId);
  },
});
