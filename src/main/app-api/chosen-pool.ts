// Which pool the app shows: the one that the agent is connected to, else the one that this computer hosts. While the agent moves to another
// pool, the last one stays visible. A member without a usable GPU, or without the role of a node, uses its pool.
import type { AgentView } from '../../shared/api/agent-view';
import { isWithoutNode } from '../../shared/api/sharing-choice';
import type { HostView } from '../../shared/api/app-state';
import type { AgentPort, HostPort } from '../contracts/ports';
import type { PoolSource } from './shown-pool';

export interface JoinedAddress {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly pin: string | null;
}

export interface ChosenPoolOptions {
  readonly agent: Pick<AgentPort, 'view' | 'subscribe' | 'memberCredential'>;
  readonly host: HostPort;
  /** Creates the clients of the hosted scheduler at this address. Each run gets new ones: event ids of one run are not valid in the next. */
  readonly connectHosted: (baseUrl: string) => Promise<PoolSource>;
  /** Creates the clients of the pool that this computer has joined. */
  readonly connectJoined: (address: JoinedAddress) => PoolSource;
  readonly setPool: (source: PoolSource | null) => void;
}

/** Follows the agent and the host until the returned function is called. */
export function followChosenPool({ agent, host, connectHosted, connectJoined, setPool }: ChosenPoolOptions): () => void {
  let hosted: PoolSource | null = null;
  let joined: PoolSource | null = null;
  let shown: PoolSource | null = null;
  let run: HostView | null = null;
  /** Of the hosted scheduler, also while it restarts: the agent may be connected before the host reports the new run. */
  let ownAddress: string | null = null;
  let joinedAddress: string | null = null;
  let isStopped = false;

  const show = (): void => {
    const next = joined ?? hosted;
    if (next === shown) return;
    shown = next;
    setPool(next);
  };
  const leaveJoined = (): void => {
    joined = null;
    joinedAddress = null;
  };
  const followHost = async (view: HostView): Promise<void> => {
    const previous = run;
    run = view;
    if (view.state === 'running' && view.url !== null) {
      ownAddress = view.url.replace(/^http/, 'ws');
      if (joinedAddress === ownAddress) leaveJoined();
      if (previous?.state === 'running' && previous.since === view.since) return;
      const source = await connectHosted(view.url);
      if (isStopped || run.state !== 'running' || run.since !== view.since) return;
      hosted = source;
    } else if (view.state === 'stopped' || view.state === 'failed') {
      hosted = null;
      ownAddress = null;
    }
    show();
  };
  /** The scheduler refused the node. The credential of its member stays valid. */
  const isMemberWithoutNode = (link: Refused): boolean => isWithoutNode(link.code) && agent.memberCredential() !== null;
  const followAgent = ({ link }: AgentView): void => {
    const isMember = link.state === 'connected' || (link.state === 'refused' && isMemberWithoutNode(link));
    const isRefused = link.state === 'refused' && !isMember;
    if (link.state === 'idle' || (isRefused && (isAt(link, joinedAddress) || isAt(link, ownAddress)))) leaveJoined();
    else if (isMember && link.scheduler_url !== joinedAddress) {
      const isOwn = link.scheduler_url === ownAddress;
      joinedAddress = isOwn ? null : link.scheduler_url;
      joined = isOwn ? null : connectJoined({ baseUrl: link.scheduler_url.replace(/^ws/, 'http'), pin: link.pin ?? null });
    }
    show();
  };

  void followHost(host.view());
  followAgent(agent.view());
  const stops = [host.subscribe((view) => void followHost(view)), agent.subscribe(followAgent)];
  return () => {
    isStopped = true;
    for (const stop of stops) stop();
  };
}

type Refused = Extract<AgentView['link'], { state: 'refused' }>;

/** Whether the address is of the pool of this link: the one in use, or one of its other schedulers. */
const isAt = (link: Exclude<AgentView['link'], { state: 'idle' }>, address: string | null): boolean =>
  address !== null && (link.scheduler_url === address || link.other_urls?.includes(address) === true);
