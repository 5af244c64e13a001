// The way to a node, as the scheduler sees it: a socket behind a port, so that decisions are tested without one.
import type { CloseCode } from '../../../shared/protocol/codes';
import type { JobAssign, SchedulerMessage } from '../../../shared/protocol/scheduler-messages';

/** An assignment without its task, which is sent as the text that it is stored as. */
export type AssignHead = Omit<JobAssign, 'task'>;

export interface NodeLink {
  /** Address and port of the peer, for the log. */
  readonly remote: string;
  /** False as soon as the socket closes or is being closed. */
  readonly isOpen: boolean;
  /** The peer has not read the jobs yet that it was sent: no more of them, until `whenDrained`. */
  readonly isFull: boolean;
  /** Never blocks and never throws; a peer that does not read is cut off. False: it did not go out, and the link is at its end. */
  send(message: Exclude<SchedulerMessage, JobAssign>): boolean;
  /** As `send`. `task`: JSON, of which nothing is read here. */
  sendAssign(head: AssignHead, task: string): boolean;
  /** Calls back once, when a full link takes jobs again or has ended. */
  whenDrained(callback: () => void): void;
  close(code: CloseCode): void;
}
