// The host of joining by digits: connections of newcomers, their requests for the owner of the pool, limits and deadlines. The machine
// in core/host-machine.ts decides the order of messages.
import { randomBytes } from 'node:crypto';
import type { JoinRequestView, NewcomerRoles } from '../../shared/api/join-requests';
import type { Outcome } from '../../shared/api/app-api';
import { messageOfError } from '../../shared/errors';
import { ok } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import type { Done, JoinRequests, NewcomerCredentials } from '../contracts/ports';
import type { AbuseLog } from '../platform/abuse-log';
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { sourceOf } from '../platform/source-address';
import { HOST_START, type HostContext, type HostEffect, type HostEvent, type HostOutcome, stepHost } from './core/host-machine';
import { admitJoin, type JoinAttempts } from './core/join-limits';
import { type Approval, JOIN_TIMEOUT_MS, type JoinClaims, MAX_JOIN_BYTES, parseJoinerMessage } from './core/join-messages';
import { lookAlikeOf } from './core/look-alikes';
import { freshNonce, joinCrypto } from './join-crypto';

/** A newcomer sends its commitment at once. Until then its connection costs memory and is no request. */
const HELLO_TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 16;
const MAX_CONNECTIONS_PER_SOURCE = 3;

export interface JoinHostOptions {
  /** The pin of the CA of the pool. */
  readonly pin: string;
  readonly poolName: string;
  /** Where the newcomer finds the pool later. */
  readonly addresses: () => readonly string[];
  /** The names of the known nodes. */
  readonly knownNames: () => readonly string[];
  readonly credentials: NewcomerCredentials;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly abuse: Pick<AbuseLog, 'limitReached'>;
}

/** One connection of a newcomer. */
export interface JoinLink {
  readonly address: string;
  readonly exporter: string;
  send(text: string): void;
  close(): void;
}

/** What a connection reports. */
export interface JoinConnection {
  received(text: string): void;
  closed(): void;
}

export class JoinHost implements JoinRequests {
  readonly #options: JoinHostOptions;
  readonly #connections = new Set<Newcomer>();
  readonly #listeners = new Set<() => void>();
  #attempts: JoinAttempts = [];

  constructor(options: JoinHostOptions) {
    this.#options = options;
  }

  /** Null: too many connections are open. */
  open(link: JoinLink): JoinConnection | null {
    const source = sourceOf(link.address);
    const own = [...this.#connections].filter((connection) => connection.source === source).length;
    if (this.#connections.size >= MAX_CONNECTIONS || own >= MAX_CONNECTIONS_PER_SOURCE) return null;
    const newcomer = new Newcomer(link, this.#options, {
      admit: () => this.#admit(link.address),
      onEnded: () => this.#connections.delete(newcomer),
      onChanged: () => {
        for (const listener of [...this.#listeners]) listener();
      },
    });
    this.#connections.add(newcomer);
    return newcomer;
  }

  list(): readonly JoinRequestView[] {
    return [...this.#connections].map(({ view }) => view).filter((view) => view !== null);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  approve(id: string, roles: NewcomerRoles): Outcome<JoinRequestView> {
    const newcomer = this.#find(id);
    const view = newcomer?.view ?? null;
    if (newcomer === null || view === null) return unknownRequest(id);
    newcomer.handle({ type: 'decided', roles });
    // A request whose credential is being made keeps the roles of the first decision.
    return ok(newcomer.view ?? view);
  }

  deny(id: string): Done {
    const newcomer = this.#find(id);
    if (newcomer === null) return unknownRequest(id);
    newcomer.handle({ type: 'decided', roles: null });
    return ok(undefined);
  }

  stop(): void {
    for (const newcomer of [...this.#connections]) newcomer.handle({ type: 'left' });
  }

  #find(id: string): Newcomer | null {
    return [...this.#connections].find(({ view }) => view?.id === id) ?? null;
  }

  /** Null: admitted. Else the seconds after which the newcomer may try again. */
  #admit(address: string): number | null {
    const { clock, abuse } = this.#options;
    const nowMonotonicMs = clock.monotonicMs();
    const waiting = [...this.#connections].filter(({ isWaiting }) => isWaiting).length;
    const source = sourceOf(address);
    const admission = admitJoin(this.#attempts, waiting, source, nowMonotonicMs);
    this.#attempts = admission.attempts;
    if (admission.isAdmitted) return null;
    abuse.limitReached(`join_${admission.limit}`, source);
    return Math.min(3600, Math.max(1, Math.ceil(admission.retryAfterMs / 1000)));
  }
}

const unknownRequest = (id: string) => failure('NOT_FOUND', { request_id: id, reason: 'unknown_join_request' });

interface NewcomerHooks {
  readonly admit: () => number | null;
  readonly onEnded: () => void;
  /** The request appeared, changed or ended. */
  readonly onChanged: () => void;
}

class Newcomer implements JoinConnection {
  readonly source: string;
  readonly #link: JoinLink;
  readonly #options: JoinHostOptions;
  readonly #hooks: NewcomerHooks;
  readonly #context: HostContext;
  readonly #openedAtWallMs: number;
  #state = HOST_START;
  #bytes = 0;
  #view: JoinRequestView | null = null;
  #timers: readonly Timer[];

  constructor(link: JoinLink, options: JoinHostOptions, hooks: NewcomerHooks) {
    this.source = sourceOf(link.address);
    this.#link = link;
    this.#options = options;
    this.#hooks = hooks;
    this.#context = { pin: options.pin, exporter: link.exporter, nonce: freshNonce() };
    this.#openedAtWallMs = options.clock.wallMs();
    const expire = (): void => {
      this.handle({ type: 'expired' });
    };
    // Absolute: single bytes would keep an idle timer alive.
    const helloTimer = options.clock.setTimer(HELLO_TIMEOUT_MS, () => {
      if (this.#state.at === 'hello') expire();
    });
    this.#timers = [helloTimer, options.clock.setTimer(JOIN_TIMEOUT_MS, expire)];
  }

  get view(): JoinRequestView | null {
    return this.#view;
  }

  /** After the commitment. */
  get isWaiting(): boolean {
    return this.#state.at !== 'hello' && this.#state.at !== 'ended';
  }

  received(text: string): void {
    this.#bytes += Buffer.byteLength(text);
    const message = this.#bytes > MAX_JOIN_BYTES ? null : parseJoinerMessage(text);
    const retryAfterSeconds = this.#state.at === 'hello' && message?.type === 'hello' ? this.#hooks.admit() : null;
    if (retryAfterSeconds !== null) this.#link.send(JSON.stringify({ type: 'busy', retry_after_seconds: retryAfterSeconds }));
    this.handle({ type: 'message', message: retryAfterSeconds === null ? message : null });
  }

  closed(): void {
    this.handle({ type: 'left' });
  }

  handle(event: HostEvent): void {
    const [state, effects] = stepHost(this.#state, event, this.#context, joinCrypto);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: HostEffect): void {
    switch (effect.type) {
      case 'send':
        this.#link.send(JSON.stringify(effect.message));
        break;
      case 'show':
        this.#show(effect.claims, effect.digits);
        break;
      case 'update':
        this.#update(effect.roles, effect.isConfirmed);
        break;
      case 'issue':
        void this.#issue(effect.claims, effect.roles);
        break;
      case 'end':
        this.#end(effect.outcome);
        break;
    }
  }

  #show({ name, gpus, roles }: JoinClaims, digits: string): void {
    const { logger, knownNames } = this.#options;
    const id = randomBytes(5).toString('hex');
    this.#view = {
      id,
      name,
      gpus,
      roles,
      address: this.#link.address,
      digits,
      looks_like: lookAlikeOf(name, knownNames()),
      approved: false,
      confirmed: false,
      requested_at: this.#openedAtWallMs,
      expires_at: this.#openedAtWallMs + JOIN_TIMEOUT_MS,
    };
    logger.log('info', 'join_requested', { request_id: id, node_name: name, from: this.#link.address });
    this.#hooks.onChanged();
  }

  #update(roles: NewcomerRoles | null, confirmed: boolean): void {
    if (this.#view === null) return;
    this.#view = { ...this.#view, ...(roles === null ? {} : { roles, approved: true }), confirmed };
    this.#hooks.onChanged();
  }

  async #issue({ name }: JoinClaims, roles: NewcomerRoles): Promise<void> {
    const { credentials, poolName, addresses, logger } = this.#options;
    let approval: Approval | null = null;
    try {
      const { memberId, credential } = await credentials.issue(name, roles);
      approval = { member_id: memberId, credential, roles, pool_name: poolName, addresses: [...addresses()].slice(0, 8) };
    } catch (error) {
      logger.log('error', 'join_not_issued', { request_id: this.#view?.id, reason: messageOfError(error) });
    }
    // The newcomer may have disconnected meanwhile.
    if (this.#state.at === 'ended' && approval !== null) credentials.withdraw(approval.member_id);
    this.handle({ type: 'issued', approval });
  }

  #end(outcome: HostOutcome): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers = [];
    this.#hooks.onEnded();
    this.#link.close();
    if (this.#view === null) return;
    const fields = { request_id: this.#view.id, node_name: this.#view.name, from: this.#link.address };
    this.#view = null;
    this.#hooks.onChanged();
    if (outcome === 'joined') this.#options.logger.log('info', 'join_approved', fields);
    else this.#options.logger.log('info', 'join_denied', { ...fields, cause: outcome });
  }
}
