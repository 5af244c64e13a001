// The connection to a node, as an interface: decisions can be tested without a socket.
import type { CloseCode } from '../../../shared/protocol/codes';
import type { JobAssign, SchedulerMessage } from '../../../shared/protocol/scheduler-messages';

/** An assignment without its task. The task is sent as the stored text. */
export type AssignHead = Omit<JobAssign, 'task'>;

/** Where the chunks of an attempt go. */
export interface AnswerRoute {
  /** Of an interactive task, whose chunks are checked on their way. Null: there is none. */
  readonly path: string | null;
  /** The token of the replica whose client waits. Null: the chunks go to the leader. */
  readonly follower: string | null;
}

export const TO_LEADER: AnswerRoute = { path: null, follower: null };

export interface NodeLink {
  /** Address and port of the peer, for the log. */
  readonly remote: string;
  /** Address and port where the connection ends on loopback. Absent or null: it ends elsewhere. */
  readonly loopbackEnd?: string | null;
  /** False as soon as the connection closes or is closing. */
  readonly isOpen: boolean;
  /** The peer has not read the jobs that were sent. No more jobs until `whenDrained`. */
  readonly isFull: boolean;
  /** Never blocks and never throws. Slow consumers are disconnected. False: the message was not sent and the link has ended. */
  send(message: Exclude<SchedulerMessage, JobAssign>): boolean;
  /**
   * Like `send`. `task` is JSON text that is sent as it is. `onLost`: the assignment has certainly not reached the node, which is known later
   * where the connection ends at another member.
   */
  sendAssign(head: AssignHead, task: string, route: AnswerRoute, onLost: () => void): boolean;
  /** Calls back once, when a full link accepts jobs again or has ended. */
  whenDrained(callback: () => void): void;
  close(code: CloseCode): void;
}
