// The pool of this computer: the one it hosts, one that it joined, or none. This class keeps the hosted scheduler, the agent's connection
// and the stored choice consistent. Joining never loses the membership of before: the connection is tested first, then the agent tries the
// new pool, and the choice changes when the agent is connected. Else the agent returns (ADR 0030).
import type { JoinStep, Outcome, PoolAddress } from '../../shared/api/app-api';
import { parsePoolAddress, type PoolTarget, transportFault } from '../../shared/api/join-link';
import { hostedPinOf } from '../../shared/api/own-pool';
import type { PoolAccess } from '../../shared/api/pool-access';
import type { RememberedPoolView } from '../../shared/api/remembered-pools';
import { isLoopbackHost } from '../../shared/loopback';
import { ok } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import { mergedSettings } from '../contracts/host-settings';
import { type AppChoice, type ChoiceStore, type JoinedChoice, settingsOf } from './app-choice';
import type { MembershipPort } from './operation-handlers';
import { doneOf, PoolTrial, type TrialEnd } from './pool-trial';
import { addressOf, choiceOfTarget, mayUseOthers, rememberedIdOf, urlAndPinOf } from './joined-choice';
import { OwnPoolLink } from './own-pool-link';
import { OWN_POOL_ID, type RememberedPools } from './remembered-pools';
import type { AgentPort, Done, HostPort, HostSettings } from '../contracts/ports';
import type { BrowsePools } from '../joining/browse';
import type { JoinedPool } from '../joining/core/joined-pool';
import { PoolFollower } from '../joining/follow-pool';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { ConnectionTester } from '../scheduler-client/connection-test';

export interface MembershipOptions {
  readonly agent: AgentPort;
  readonly host: HostPort;
  readonly store: ChoiceStore;
  readonly remembered: RememberedPools;
  /** The choice of a first run. */
  readonly first: AppChoice;
  /** Other schedulers of a pool that is known by its pin, or that is the first choice. Default: none. */
  readonly others?: readonly string[] | undefined;
  /** The owner key of the hosted scheduler, with which the own agent joins. */
  readonly readOwnerKey: () => Promise<string | null>;
  readonly testConnection: ConnectionTester;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How a pool that moved is searched. Default: DNS-SD. */
  readonly browse?: BrowsePools;
}

/** A pool that the agent tries. */
interface Trial {
  choice: JoinedChoice;
  readonly connection: PoolTrial;
}

export class Membership implements MembershipPort {
  readonly #options: MembershipOptions;
  /** In force, and stored. */
  #choice: AppChoice = { mode: 'none' };
  #trial: Trial | null = null;
  /** Counts the operations of the owner. A slow operation stops when a later one has begun. */
  #operations = 0;
  readonly #ownLink: OwnPoolLink;
  /** Follows a pool that is known by its pin. */
  #follower: PoolFollower | null = null;

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#ownLink = new OwnPoolLink({ ...options, isChosen: () => this.#choice.mode === 'host' && this.#trial === null });
  }

  /** Applies the stored choice, or the first choice when none is stored. */
  async restore(): Promise<void> {
    const choice = (await this.#options.store.load()) ?? this.#options.first;
    if (choice.mode === 'host') {
      this.#choice = choice;
      await this.#options.host.start(settingsOf(choice));
    } else if (choice.mode !== 'none') {
      this.#save(choice);
      this.#connect(choice);
    }
  }

  /** The agent connects to the new scheduler when it listens. If the scheduler does not start, the agent keeps its connection. */
  async host(settings: HostSettings): Promise<Done> {
    const operation = ++this.#operations;
    const wanted = this.#choice.mode === 'host' ? mergedSettings(settingsOf(this.#choice), settings) : settings;
    const { state, scope, since } = this.#options.host.view();
    const started = await this.#options.host.start(wanted);
    const now = this.#options.host.view();
    // After a restart the scheduler may require another token at the same address: the agent must connect again.
    if (state !== 'running' || scope !== now.scope || since !== now.since) this.#ownLink.reset();
    if (!started.ok || operation !== this.#operations) return started;
    this.#endTrial();
    this.#endFollowing();
    this.#save({ mode: 'host', ...wanted });
    await this.#ownLink.connect();
    return started;
  }

  /** The hosted scheduler reads its configuration again. The agent connects to it again. */
  restartHost(): Promise<Done> {
    this.#ownLink.reset();
    return this.#options.host.restart();
  }

  async stopHosting(): Promise<Done> {
    this.#operations++;
    if (this.#choice.mode === 'host') {
      this.#save({ mode: 'none' });
      if (this.#trial === null) this.#disconnect();
    }
    return this.#options.host.stop();
  }

  async join(address: PoolAddress): Promise<Done> {
    const target = parsePoolAddress(address.address);
    if (!target.ok) return failure('INVALID_REQUEST', { field: 'address', reason: target.error });
    const fault = transportFault(target.value);
    if (fault !== null) return failure('INVALID_REQUEST', { field: 'address', reason: fault });
    if (this.#isOwn(target.value)) return failure('INVALID_STATE', { reason: 'own_pool' });
    return this.#testAndTry(choiceOfTarget(target.value, address.token ?? target.value.token), address);
  }

  /** A pool that two people confirmed. The present membership ends when the agent is connected to the new pool. */
  adopt(pool: JoinedPool): void {
    void this.#try({ mode: 'joined_pool', pool });
  }

  leave(): Done {
    if (this.#trial !== null) {
      this.#operations++;
      this.#endTrial();
      this.#return();
      return ok(undefined);
    }
    if (this.#choice.mode === 'host') return failure('INVALID_STATE', { reason: 'hosting' });
    this.#operations++;
    this.#save({ mode: 'none' });
    this.#disconnect();
    return ok(undefined);
  }

  pools(): readonly RememberedPoolView[] {
    return this.#options.remembered.views(this.#choice);
  }

  /** The connection test of a remembered pool, with the key that this computer has for it. The own pool needs none. */
  async testPool(id: string): Promise<Outcome<readonly JoinStep[]>> {
    if (id === OWN_POOL_ID) return ok([]);
    const choice = this.#options.remembered.joined(id);
    if (choice === null) return unknownPool(id);
    return ok(await this.#options.testConnection(this.#addressOf(choice)));
  }

  async switchTo(id: string): Promise<Done> {
    const { remembered } = this.#options;
    if (id === OWN_POOL_ID) return this.#choice.mode === 'host' ? ok(undefined) : this.host(remembered.ownSettings());
    const choice = remembered.joined(id);
    if (choice === null) return unknownPool(id);
    if (this.#isCurrent(id) && this.#trial === null) return ok(undefined);
    return this.#testAndTry(choice, this.#addressOf(choice));
  }

  /** Also removes the key of this computer for the pool. */
  forget(id: string): Done {
    const { remembered } = this.#options;
    const choice = remembered.joined(id);
    if (id === OWN_POOL_ID || this.#isCurrent(id) || (this.#trial !== null && rememberedIdOf(this.#trial.choice) === id))
      return failure('INVALID_STATE', { pool_id: id, reason: 'in_use' });
    if (choice === null) return unknownPool(id);
    remembered.forget(id);
    this.#removeKeys([choice]);
    return ok(undefined);
  }

  /** The hosted pool, or the one that this computer joined, reported its name. */
  named(access: PoolAccess['access'], name: string): void {
    const choice = this.#choice;
    if (choice.mode !== 'none' && (choice.mode === 'host') === (access === 'host')) this.#options.remembered.rename(choice, name);
  }

  isOfOthers(): boolean {
    return this.#trial !== null || this.#choice.mode === 'joined' || this.#choice.mode === 'joined_pool';
  }

  /** Ends the search for a pool that moved. */
  async stop(): Promise<void> {
    await this.#follower?.stop();
  }

  async #testAndTry(choice: JoinedChoice, address: PoolAddress): Promise<Done> {
    const operation = ++this.#operations;
    const steps = await this.#options.testConnection(address);
    const failed = steps.find(({ outcome }) => outcome === 'failed');
    if (failed !== undefined) return failure('NOT_JOINED', { reason: 'test_failed', step: failed.step, code: failed.code });
    return operation === this.#operations ? this.#try(choice) : failure('STOPPED');
  }

  #try(choice: JoinedChoice): Promise<Done> {
    const { agent, clock, logger, remembered } = this.#options;
    this.#operations++;
    this.#endTrial();
    this.#removeKeys(remembered.rememberTried(choice));
    const [url, pin] = urlAndPinOf(choice);
    logger.log('info', 'pool_trial_started', { url, pin });
    return new Promise((resolve) => {
      const onEnd = (end: TrialEnd): void => {
        const tried = this.#trial?.choice ?? choice;
        this.#trial = null;
        logger.log(end.result === 'connected' ? 'info' : 'warn', 'pool_trial_ended', { url, pin, ...end });
        if (end.result === 'connected') this.#keep(tried);
        else if (end.result !== 'cancelled') this.#return();
        resolve(doneOf(end));
      };
      this.#trial = { choice, connection: new PoolTrial({ agent, clock, url, pin, onEnd }) };
      this.#connect(choice);
    });
  }

  /** The agent is connected to the new pool. */
  #keep(choice: JoinedChoice): void {
    const wasHosting = this.#choice.mode === 'host';
    this.#save(choice);
    if (wasHosting) void this.#options.host.stop();
  }

  /** The agent returns to the membership that is in force. */
  #return(): void {
    this.#endFollowing();
    this.#ownLink.reset();
    if (this.#choice.mode === 'host') void this.#ownLink.connect();
    else if (this.#choice.mode === 'none') this.#disconnect();
    else this.#connect(this.#choice);
  }

  #endTrial(): void {
    this.#trial?.connection.cancel();
  }

  #connect(choice: JoinedChoice): void {
    const { agent, clock, logger, browse, first, others } = this.#options;
    this.#endFollowing();
    this.#ownLink.reset();
    // A pool of others never gets simulated hardware: the agent connects when the real one is known.
    if (agent.view().simulation === 'owner') void agent.simulate(false);
    if (choice.mode === 'joined') {
      const [url, pin] = urlAndPinOf(choice);
      agent.connectTo({ url, joinToken: choice.joinToken, pin, ...(mayUseOthers(choice, pin, first) ? { others } : {}) });
      return;
    }
    const onMoved = (pool: JoinedPool): void => {
      const moved = { mode: 'joined_pool', pool } as const;
      if (this.#trial === null) this.#save(moved);
      else this.#trial.choice = moved;
    };
    this.#follower = new PoolFollower({ agent, pool: choice.pool, others, onMoved, clock, logger, browse });
  }

  #endFollowing(): void {
    void this.#follower?.stop();
    this.#follower = null;
  }

  #disconnect(): void {
    this.#ownLink.reset();
    this.#endFollowing();
    this.#options.agent.connectTo(null);
  }

  #save(choice: AppChoice): void {
    const { store, remembered, clock } = this.#options;
    this.#choice = choice;
    store.save(choice);
    if (choice.mode !== 'none') this.#removeKeys(remembered.remember(choice, clock.wallMs()));
  }

  /** Of pools that were forgotten. */
  #removeKeys(pools: readonly JoinedChoice[]): void {
    for (const pool of pools) this.#options.agent.forgetMember(...urlAndPinOf(pool));
  }

  #addressOf(choice: JoinedChoice): PoolAddress {
    const [url, pin] = urlAndPinOf(choice);
    return addressOf(choice, this.#options.agent.memberCredential({ url, pin }));
  }

  #isCurrent(id: string): boolean {
    return (this.#choice.mode === 'joined' || this.#choice.mode === 'joined_pool') && rememberedIdOf(this.#choice) === id;
  }

  /** Whether this is the address of the scheduler that this computer hosts. */
  #isOwn({ host, port, pin }: PoolTarget): boolean {
    const view = this.#options.host.view();
    const { url } = view;
    if (pin !== null && pin === hostedPinOf(view)) return true;
    return url !== null && isLoopbackHost(host) && Number(new URL(url).port) === port;
  }
}

const unknownPool = (id: string) => failure('NOT_FOUND', { pool_id: id, reason: 'unknown_pool' });
