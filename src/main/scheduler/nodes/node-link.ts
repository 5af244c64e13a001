// The way to a node, as the scheduler sees it: a socket behind a port, so that decisions are tested without one.
import type { CloseCode } from '../../../shared/protocol/codes';
import type { SchedulerMessage } from '../../../shared/protocol/scheduler-messages';

export interface NodeLink {
  /** Address and port of the peer, for the log. */
  readonly remote: string;
  /** False as soon as the socket closes or is being closed. */
  readonly isOpen: boolean;
  /** The peer has not read the jobs yet that it was sent: no more of them, until `whenDrained`. */
  readonly isFull: boolean;
  /** Never blocks and never throws; a peer that does not read is cut off. False: it did not go out, and the link is at its end. */
  send(message: SchedulerMessage): boolean;
  /** Calls back once, when a full link takes jobs again or has ended. */
  whenDrained(callback: () => void): void;
  close(code: CloseCode): void;
}
