// The connection of an agent in a few words, for `systemctl status`. Pure.
import type { AgentView, LinkView } from '../../../shared/api/agent-view';
import { lacksModel, ownStatusOf } from '../../../shared/api/own-status';
import { assertNever } from '../../../shared/assert-never';
import { WITHOUT_MODEL } from './availability-text';
import { printable } from './text-table';

/** One line: a line break would begin another message to systemd. */
export function linkStatus(agent: AgentView): string {
  const status = ownStatusOf(agent);
  const note = status !== null && lacksModel(status, agent.models) ? `, ${WITHOUT_MODEL}` : '';
  return printable(`${textOf(agent.link)}${note}`).slice(0, MAX_LENGTH);
}

const MAX_LENGTH = 300;

function textOf(link: LinkView): string {
  switch (link.state) {
    case 'idle':
      return 'Not connected';
    case 'connecting':
      return `Connecting to ${link.scheduler_url}`;
    case 'connected':
      return `Connected to ${link.scheduler_url}`;
    case 'reconnecting':
      return `Not connected to ${link.scheduler_url} (${link.cause}), trying again`;
    case 'refused':
      return `Refused by ${link.scheduler_url} (${link.code})`;
    default:
      return assertNever(link);
  }
}
