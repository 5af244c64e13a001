// The fields of a log line about a change of the link.
import { presentUrlOf } from './pool-urls';
import type { SessionCommand, SessionState } from './session-state';

export function linkFields({ link, target, failures }: SessionState): Readonly<Record<string, unknown>> {
  const scheduler = { scheduler_url: target === null ? undefined : presentUrlOf(target) };
  switch (link.state) {
    case 'registered':
      return { ...scheduler, node_id: link.nodeId };
    case 'reconnecting':
      return { ...scheduler, cause: link.cause, attempt: failures, delay_ms: link.nextTryAtWallMs - link.sinceWallMs };
    case 'refused':
      return { ...scheduler, code: link.refusal.code, ...(link.refusal.details === null ? {} : { details: link.refusal.details }) };
    case 'idle':
    case 'waiting':
    case 'connecting':
    case 'unregistered':
    case 'stopping':
      return scheduler;
  }
}

export const olderLeaderFields = ({ url, epoch, knownEpoch }: Extract<SessionCommand, { type: 'older_leader' }>) => ({
  scheduler_url: url,
  epoch,
  known_epoch: knownEpoch,
});

/** The state of the link in the log. While a member asks again for the role of a node, its refusal stays: no line for each try. */
export const loggedState = ({ link }: SessionState): SessionState['link']['state'] =>
  link.state === 'connecting' && link.refused !== undefined ? 'refused' : link.state;
