// The connection of an agent in a few words, for `systemctl status`. Pure.
import type { LinkView } from '../../../shared/api/agent-view';
import { assertNever } from '../../../shared/assert-never';
import { printable } from './text-table';

/** One line: a line break would begin another message to systemd. */
export const linkStatus = (link: LinkView): string => printable(textOf(link)).slice(0, MAX_LENGTH);

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
