// The pool that this computer is in, by the pins that the app knows: of the pool that it hosts, and of the pool that it has joined.
import type { AgentView } from './agent-view';
import type { HostView } from './app-state';
import { pinOfLink } from './join-link';

export const hostedPinOf = (host: HostView | null): string | null => pinOfLink(host?.join_link ?? null);

/** Null also while the pool refuses this computer: the person may join that pool again. */
export function joinedPinOf(agent: AgentView | null): string | null {
  if (agent === null || agent.link.state === 'idle' || agent.link.state === 'refused') return null;
  return agent.link.pin ?? null;
}

/** How many computers the invitation of the app admits. */
export const JOIN_LINK_USES = 32;

/** For how long, from the start of the pool on. */
export const JOIN_LINK_SECONDS = 86_400;

/** When the invitation ends that the app made when its pool began to run. */
export const joinLinkEndWallMs = ({ since }: Pick<HostView, 'since'>): number => since + JOIN_LINK_SECONDS * 1000;
