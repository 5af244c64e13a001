// Where this machine works: in the pool it hosts, in one it joined, or in none. Hosting and joining elsewhere exclude each
// other; this file keeps the hosted scheduler, the agent's connection and the stored choice in step.
import type { HostView } from '../../shared/api/app-state';
import type { PoolAddress } from '../../shared/api/app-api';
import { parsePoolAddress, webSocketUrlOf } from '../../shared/api/join-link';
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
  readonly readJoinToken: () => Promise<string | null>;
}

export class Membership implements MembershipPort {
  private choice: AppChoice = { mode: 'none' };
  /** Counts the owner's acts: what a slow one still has to do is void once another began. */
  private acts = 0;
  /** The hosted scheduler that the agent was last sent to. */
  private hostedUrl: string | null = null;

  constructor(private readonly options: MembershipOptions) {
    options.host.subscribe((view) => void this.followHost(view));
  }

  /** Takes up the stored choice; on a first run the given one. */
  async restore(): Promise<void> {
    const choice = (await this.options.store.load()) ?? this.options.first;
    if (choice.mode === 'host') {
      this.choice = choice;
      await this.options.host.start(choice.scope);
    } else if (choice.mode === 'joined') {
      await this.join({ address: choice.address, token: choice.join_token ?? undefined });
    }
  }

  /** The agent goes to the new scheduler when it listens, and stays where it is when it never does. */
  async host(scope: 'this_computer' | 'lan'): Promise<Done> {
    const act = ++this.acts;
    const { state, scope: present } = this.options.host.view();
    // Started anew it may ask for another token under the same address: the agent is sent there again.
    if (state !== 'running' || present !== scope) this.hostedUrl = null;
    const started = await this.options.host.start(scope);
    if (!started.ok || act !== this.acts) return started;
    this.keep({ mode: 'host', scope });
    await this.followHost(this.options.host.view());
    return started;
  }

  async stopHosting(): Promise<Done> {
    this.acts++;
    if (this.choice.mode === 'host') this.goNowhere();
    return this.options.host.stop();
  }

  async join(address: PoolAddress): Promise<Done> {
    const target = parsePoolAddress(address.address);
    if (!target.ok) return failure('INVALID_REQUEST', { field: 'address', reason: target.error });
    const act = ++this.acts;
    const joinToken = address.token ?? target.value.token;
    if (this.choice.mode === 'host') {
      this.goNowhere();
      await this.options.host.stop();
      if (act !== this.acts) return failure('STOPPED');
    }
    const url = webSocketUrlOf(target.value);
    this.options.agent.connectTo({ url, joinToken });
    this.keep({ mode: 'joined', address: url, join_token: joinToken });
    return ok({});
  }

  leave(): Done {
    if (this.choice.mode === 'host') return failure('INVALID_STATE', { reason: 'hosting' });
    this.acts++;
    this.goNowhere();
    return ok({});
  }

  private goNowhere(): void {
    this.hostedUrl = null;
    this.options.agent.connectTo(null);
    this.keep({ mode: 'none' });
  }

  private keep(choice: AppChoice): void {
    this.choice = choice;
    this.options.store.save(choice);
  }

  /** Each time the hosted scheduler listens, perhaps elsewhere than before, the agent is sent there. */
  private async followHost({ url }: HostView): Promise<void> {
    if (this.choice.mode !== 'host' || url === null || url === this.hostedUrl) return;
    this.hostedUrl = url;
    const joinToken = await this.options.readJoinToken();
    if (this.hostedUrl === url) this.options.agent.connectTo({ url: url.replace(/^http/, 'ws'), joinToken });
  }
}
