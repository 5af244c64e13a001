// Takes join links from other programs, also before the services are open. Only the newest one waits. A link holds a key, so the log gets
// the reason of a refusal and never the link.
import { MAX_ADDRESS_LENGTH } from '../../shared/api/join-link';
import type { LinkFault } from '../../shared/api/opened-link';
import type { Logger } from '../platform/logger';
import { linkArgument, parseOutsideLink } from './core/outside-link';

export interface LinkReceiver {
  readonly open: (link: string) => void;
  /** The window says why. */
  readonly refuse: (fault: LinkFault) => void;
}

export class OutsideLinks {
  #waiting: string | null;
  #receive: ((text: string) => void) | null = null;

  /** `argv`: the arguments of this start. */
  constructor(argv: readonly string[]) {
    this.#waiting = linkArgument(argv);
  }

  /** The arguments of a second start. */
  addArguments(argv: readonly string[]): void {
    const text = linkArgument(argv);
    if (text !== null) this.add(text);
  }

  add(text: string): void {
    if (this.#receive !== null) this.#receive(text);
    // One more character than permitted: the text stays too long.
    else this.#waiting = text.slice(0, MAX_ADDRESS_LENGTH + 1);
  }

  /** Calls `open` or `refuse` for the waiting link, and for every later one. */
  deliverTo({ open, refuse }: LinkReceiver, logger: Logger): void {
    this.#receive = (text) => {
      const link = parseOutsideLink(text);
      if (link.ok) open(link.value);
      else {
        logger.log('warn', 'link_ignored', { reason: link.error });
        refuse(link.error);
      }
    };
    if (this.#waiting !== null) this.#receive(this.#waiting);
    this.#waiting = null;
  }
}
