// The pool of this computer: the one it hosts, one that it joined, or none. Hosting and joining exclude each other. This class keeps
// the hosted scheduler, the agent's connection and the stored choice consistent.
import type { HostView } from '../../shared/api/app-state';
import type { PoolAddress } from '../../shared/api/app-api';
import { parsePoolAddress, pinnedUrlOf, transportFault, webSocketUrlOf } from '../../shared/api/join-link';
import { ok } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import type { AppChoice, ChoiceStore } from './app-choice';
import type { MembershipPort } from './operation-handlers';
import type { AgentPort, Done, HostPort } from '../contracts/ports';

export interface MembershipOptions {
  readonly agent: AgentPort;
  readonly host: HostPort;
  readonly store: ChoiceStore;
  /** The choice of a first run. */
  readonly first: AppChoice;
  /** The owner key of the hosted scheduler, with which the own agent joins. */
  readonly readOwnerKey: () => Promise<string | null>;
}

export class Membership implements MembershipPort {
  readonly #options: MembershipOptions;
  #choice: AppChoice = { mode: 'none' };
  /** Counts the operations of the owner. A slow operation stops when a later one has begun. */
  #operations = 0;
  /** The hosted scheduler that the agent was last connected to. */
  #hostedUrl: string | null = null;

  constructor(options: MembershipOptions) {
    this.#options = options;
    options.host.subscribe((view) => void this.#followHost(view));
  }

  /** Applies the stored choice, or the first choice when none is stored. */
  async restore(): Promise<void> {
    const choice = (await this.#options.store.load()) ?? this.#options.first;
    if (choice.mode === 'host') {
      this.#choice = choice;
      await this.#options.host.start(choice.scope);
    } else if (choice.mode === 'joined') {
      await this.#join({ address: choice.address, token: choice.joinToken ?? undefined });
    }
  }

  /** The agent connects to the new scheduler when it listens. If the scheduler does not start, the agent keeps its connection. */
  async host(scope: 'this_computer' | 'lan'): Promise<Done> {
    const operation = ++this.#operations;
    const { state, scope: currentScope } = this.#options.host.view();
    // After a restart the scheduler may require another token at the same address: the agent must connect again.
    if (state !== 'running' || currentScope !== scope) this.#hostedUrl = null;
    const started = await this.#options.host.start(scope);
    if (!started.ok || operation !== this.#operations) return started;
    this.#save({ mode: 'host', scope });
    await this.#followHost(this.#options.host.view());
    return started;
  }

  async stopHosting(): Promise<Done> {
    this.#operations++;
    if (this.#choice.mode === 'host') this.#disconnect();
    return this.#options.host.stop();
  }

  async join(address: PoolAddress): Promise<Done> {
    const target = parsePoolAddress(address.address);
    const fault = target.ok ? transportFault(target.value) : null;
    return fault === null ? this.#join(address) : failure('INVALID_REQUEST', { field: 'address', reason: fault });
  }

  /** A stored address without a pin is shown with the reason why the agent does not connect. */
  async #join(address: PoolAddress): Promise<Done> {
    const target = parsePoolAddress(address.address);
    if (!target.ok) return failure('INVALID_REQUEST', { field: 'address', reason: target.error });
    const operation = ++this.#operations;
    const joinToken = address.token ?? target.value.token;
    if (this.#choice.mode === 'host') {
      this.#disconnect();
      await this.#options.host.stop();
      if (operation !== this.#operations) return failure('STOPPED');
    }
    const url = webSocketUrlOf(target.value);
    this.#options.agent.connectTo({ url, joinToken, pin: target.value.pin });
    this.#save({ mode: 'joined', address: pinnedUrlOf(target.value), joinToken });
    return ok(undefined);
  }

  leave(): Done {
    if (this.#choice.mode === 'host') return failure('INVALID_STATE', { reason: 'hosting' });
    this.#operations++;
    this.#disconnect();
    return ok(undefined);
  }

  #disconnect(): void {
    this.#hostedUrl = null;
    this.#options.agent.connectTo(null);
    this.#save({ mode: 'none' });
  }

  #save(choice: AppChoice): void {
    this.#choice = choice;
    this.#options.store.save(choice);
  }

  /** Connects the agent to the hosted scheduler whenever its address changes. */
  async #followHost({ url }: HostView): Promise<void> {
    if (this.#choice.mode !== 'host' || url === null || url === this.#hostedUrl) return;
    this.#hostedUrl = url;
    const joinToken = await this.#options.readOwnerKey();
    if (this.#hostedUrl === url) this.#options.agent.connectTo({ url: url.replace(/^http/, 'ws'), joinToken });
  }
}
