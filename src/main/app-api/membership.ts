// The pool of this computer: the one it hosts, one that it joined, or none. This class keeps the hosted scheduler, the agent's connection
// and the stored choice consistent. Hosting and joining exclude each other, with one exception: while the agent joins a pool that is known
// by its pin, the own pool still runs. The own pool ends when the agent is connected, and takes the agent back when it is refused.
import type { HostView } from '../../shared/api/app-state';
import type { PoolAddress } from '../../shared/api/app-api';
import { parsePoolAddress, pinnedUrlOf, transportFault, webSocketUrlOf } from '../../shared/api/join-link';
import { ok } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import type { AppChoice, ChoiceStore, HostChoice } from './app-choice';
import type { MembershipPort } from './operation-handlers';
import type { AgentPort, Done, HostPort, HostSettings } from '../contracts/ports';
import type { BrowsePools } from '../joining/browse';
import type { JoinedPool } from '../joining/core/joined-pool';
import { PoolFollower } from '../joining/follow-pool';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';

export interface MembershipOptions {
  readonly agent: AgentPort;
  readonly host: HostPort;
  readonly store: ChoiceStore;
  /** The choice of a first run. */
  readonly first: AppChoice;
  /** The owner key of the hosted scheduler, with which the own agent joins. */
  readonly readOwnerKey: () => Promise<string | null>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How a pool that moved is searched. Default: DNS-SD. */
  readonly browse?: BrowsePools;
}

export class Membership implements MembershipPort {
  readonly #options: MembershipOptions;
  #choice: AppChoice = { mode: 'none' };
  /** Counts the operations of the owner. A slow operation stops when a later one has begun. */
  #operations = 0;
  /** The hosted scheduler that the agent was last connected to. */
  #hostedUrl: string | null = null;
  #ownJoinToken: string | null = null;
  /** Follows a pool that is known by its pin. */
  #follower: PoolFollower | null = null;
  /** The own pool that still runs, until the agent is connected to the new one. */
  #ownPool: HostChoice | null = null;

  constructor(options: MembershipOptions) {
    this.#options = options;
    options.host.subscribe((view) => void this.#followHost(view));
    options.agent.subscribe(({ link }) => {
      if (link.state === 'refused' && this.#choice.mode === 'host' && link.scheduler_url === this.#ownUrl()) void this.#joinOwnAgain();
      // At first the view shows the link to the own pool.
      if (this.#ownPool === null || link.state === 'idle' || link.scheduler_url === this.#ownUrl()) return;
      if (link.state === 'connected') this.#endOwnPool();
      else if (link.state === 'refused') void this.#returnToOwnPool(this.#ownPool);
    });
  }

  /** Applies the stored choice, or the first choice when none is stored. */
  async restore(): Promise<void> {
    const choice = (await this.#options.store.load()) ?? this.#options.first;
    if (choice.mode === 'host') {
      this.#choice = choice;
      await this.#options.host.start(settingsOf(choice));
    } else if (choice.mode === 'joined') {
      await this.#join({ address: choice.address, token: choice.joinToken ?? undefined });
    } else if (choice.mode === 'joined_pool') this.#followPool(choice.pool);
  }

  /** The agent connects to the new scheduler when it listens. If the scheduler does not start, the agent keeps its connection. */
  async host(settings: HostSettings): Promise<Done> {
    const operation = ++this.#operations;
    const before = this.#ownPool ?? this.#choice;
    const wanted = before.mode === 'host' ? merged(settingsOf(before), settings) : settings;
    const { state, scope, since } = this.#options.host.view();
    const started = await this.#options.host.start(wanted);
    const now = this.#options.host.view();
    // After a restart the scheduler may require another token at the same address: the agent must connect again.
    if (state !== 'running' || scope !== now.scope || since !== now.since) this.#hostedUrl = null;
    if (!started.ok || operation !== this.#operations) return started;
    this.#endFollowing();
    this.#save({ mode: 'host', ...wanted });
    await this.#followHost(this.#options.host.view());
    return started;
  }

  /** The hosted scheduler reads its configuration again. The agent connects to it again. */
  restartHost(): Promise<Done> {
    this.#hostedUrl = null;
    return this.#options.host.restart();
  }

  async stopHosting(): Promise<Done> {
    this.#operations++;
    this.#ownPool = null;
    if (this.#choice.mode === 'host') this.#disconnect();
    return this.#options.host.stop();
  }

  async join(address: PoolAddress): Promise<Done> {
    const target = parsePoolAddress(address.address);
    if (!target.ok) return failure('INVALID_REQUEST', { field: 'address', reason: target.error });
    const fault = transportFault(target.value);
    if (fault !== null) return failure('INVALID_REQUEST', { field: 'address', reason: fault });
    const { host, port, pin } = target.value;
    const key = address.token ?? target.value.token;
    if (pin === null || key === null) return this.#join(address);
    // The pool of an invitation is known by its pin, so it can be followed. The agent replaces the key by its own credential.
    this.adopt({ version: 1, name: host, pin, port, addresses: [host], credential: key, roles: ['node'] });
    return ok(undefined);
  }

  /** A pool that is known by its pin. The own pool ends when the agent is connected to it. */
  adopt(pool: JoinedPool): void {
    this.#operations++;
    this.#ownPool ??= this.#choice.mode === 'host' ? this.#choice : null;
    this.#followPool(pool);
  }

  leave(): Done {
    if (this.#choice.mode === 'host') return failure('INVALID_STATE', { reason: 'hosting' });
    this.#operations++;
    if (this.#ownPool !== null) void this.#returnToOwnPool(this.#ownPool);
    else this.#disconnect();
    return ok(undefined);
  }

  /** Ends the search for a pool that moved. */
  async stop(): Promise<void> {
    await this.#follower?.stop();
  }

  /** A stored address without a pin is shown with the reason why the agent does not connect. */
  async #join(address: PoolAddress): Promise<Done> {
    const target = parsePoolAddress(address.address);
    if (!target.ok) return failure('INVALID_REQUEST', { field: 'address', reason: target.error });
    const operation = ++this.#operations;
    const joinToken = address.token ?? target.value.token;
    if (this.#choice.mode === 'host' || this.#ownPool !== null) {
      this.#ownPool = null;
      this.#disconnect();
      await this.#options.host.stop();
      if (operation !== this.#operations) return failure('STOPPED');
    }
    this.#endFollowing();
    const url = webSocketUrlOf(target.value);
    this.#options.agent.connectTo({ url, joinToken, pin: target.value.pin });
    this.#save({ mode: 'joined', address: pinnedUrlOf(target.value), joinToken });
    return ok(undefined);
  }

  #followPool(pool: JoinedPool): void {
    const { agent, clock, logger, browse } = this.#options;
    this.#endFollowing();
    this.#hostedUrl = null;
    const onMoved = (moved: JoinedPool): void => {
      this.#save({ mode: 'joined_pool', pool: moved });
    };
    onMoved(pool);
    this.#follower = new PoolFollower({ agent, pool, onMoved, clock, logger, browse });
  }

  #endFollowing(): void {
    void this.#follower?.stop();
    this.#follower = null;
  }

  /** The agent is connected to the new pool. */
  #endOwnPool(): void {
    this.#ownPool = null;
    void this.#options.host.stop();
  }

  /** The new pool refused the agent, or the owner left it before the agent was connected. */
  async #returnToOwnPool(own: HostChoice): Promise<void> {
    this.#ownPool = null;
    this.#endFollowing();
    this.#options.agent.connectTo(null);
    this.#save(own);
    await this.#followHost(this.#options.host.view());
  }

  #ownUrl(): string | null {
    return this.#options.host.view().url?.replace(/^http/, 'ws') ?? null;
  }

  #disconnect(): void {
    this.#hostedUrl = null;
    this.#endFollowing();
    this.#options.agent.connectTo(null);
    this.#save({ mode: 'none' });
  }

  #save(choice: AppChoice): void {
    this.#choice = choice;
    if (choice.mode === 'host') this.#ownPool = null;
    this.#options.store.save(choice);
  }

  /** Connects the agent to the hosted scheduler whenever its address changes. */
  async #followHost({ url }: HostView): Promise<void> {
    if (this.#choice.mode !== 'host' || url === null || url === this.#hostedUrl) return;
    this.#hostedUrl = url;
    this.#connectOwn(url, await this.#options.readOwnerKey());
  }

  /** `muster keys reset-owner` has replaced the owner key, so the own pool refused the agent. */
  async #joinOwnAgain(): Promise<void> {
    const url = this.#hostedUrl;
    const joinToken = await this.#options.readOwnerKey();
    if (url !== null && joinToken !== this.#ownJoinToken) this.#connectOwn(url, joinToken);
  }

  #connectOwn(url: string, joinToken: string | null): void {
    if (this.#hostedUrl !== url) return;
    this.#ownJoinToken = joinToken;
    this.#options.agent.connectTo({ url: url.replace(/^http/, 'ws'), joinToken });
  }
}

const settingsOf = ({ scope, plainHttpApi, announce }: HostChoice): HostSettings => ({ scope, plainHttpApi, announce });

/** An absent setting stays as it is. */
const merged = (before: HostSettings, next: HostSettings): HostSettings => ({
  scope: next.scope,
  plainHttpApi: next.plainHttpApi ?? before.plainHttpApi,
  announce: next.announce ?? before.announce,
});
