// Keeps the agent connected to the scheduler that this computer hosts: its address and its owner key may change.
import type { HostView } from '../../shared/api/app-state';
import type { AgentPort, HostPort } from '../contracts/ports';

export interface OwnPoolLinkOptions {
  readonly agent: Pick<AgentPort, 'connectTo' | 'subscribe'>;
  readonly host: Pick<HostPort, 'view' | 'subscribe'>;
  /** The owner key of the hosted scheduler, with which the own agent joins. */
  readonly readOwnerKey: () => Promise<string | null>;
  /** Whether the agent belongs to the own pool. */
  readonly isChosen: () => boolean;
}

export class OwnPoolLink {
  readonly #options: OwnPoolLinkOptions;
  /** The hosted scheduler that the agent was last connected to. */
  #url: string | null = null;
  #joinToken: string | null = null;

  constructor(options: OwnPoolLinkOptions) {
    this.#options = options;
    options.host.subscribe((view) => void this.#follow(view));
    options.agent.subscribe(({ link }) => {
      const url = options.host.view().url?.replace(/^http/, 'ws');
      if (link.state === 'refused' && options.isChosen() && link.scheduler_url === url) void this.#joinAgain();
    });
  }

  /** Connects the agent, unless it is connected to the present address. */
  connect(): Promise<void> {
    return this.#follow(this.#options.host.view());
  }

  /** The agent is or will be connected elsewhere, or must connect again. */
  reset(): void {
    this.#url = null;
  }

  async #follow({ url }: HostView): Promise<void> {
    const { isChosen, readOwnerKey } = this.#options;
    if (!isChosen() || url === null || url === this.#url) return;
    this.#url = url;
    this.#connectTo(url, await readOwnerKey());
  }

  /** `muster keys reset-owner` has replaced the owner key, so the own pool refused the agent. */
  async #joinAgain(): Promise<void> {
    const url = this.#url;
    const joinToken = await this.#options.readOwnerKey();
    if (url !== null && joinToken !== this.#joinToken) this.#connectTo(url, joinToken);
  }

  #connectTo(url: string, joinToken: string | null): void {
    if (this.#url !== url) return;
    this.#joinToken = joinToken;
    this.#options.agent.connectTo({ url: url.replace(/^http/, 'ws'), joinToken });
  }
}
