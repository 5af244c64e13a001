// What all connections of nodes share: limits, counters, and the events that a connection reports to the endpoint.
import type { NodeMessage } from '../../../shared/protocol/node-messages';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { TurnBudget } from '../../platform/turn-budget';
import type { UnfinishedBytes } from '../access/unfinished-bytes';
import type { NodeLink } from '../nodes/node-link';
import type { SchedulerStats } from '../nodes/scheduler-stats';
import type { Admission } from './node-admission';
import type { NodeSession } from './node-session';

/** The link of a connection of this process. */
export interface ConnectionLink extends NodeLink {
  /** Like `send`. `jobBytes`: how many bytes of the text are jobs. `onSent`: the text was sent, or the connection has ended. */
  sendText(text: string | Uint8Array, jobBytes: number, onSent?: () => void): boolean;
  close(code: number): void;
}

/** The part of a session that a connection uses. */
export interface ConnectionSession extends Pick<NodeSession, 'holder' | 'nodeId' | 'closed' | 'takeReplacedEntries' | 'answerError'> {
  /** `data`: the message as the node sent it. No later message is passed before the promise resolves. False: the message is invalid. */
  receive(message: NodeMessage, data: Uint8Array): boolean | Promise<boolean>;
}

/** `Connection`: the class that has these options. */
export interface ConnectionOptions<Connection> {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: SchedulerStats;
  readonly openSession: (link: ConnectionLink, admission: Admission, onHolder: () => void) => ConnectionSession;
  readonly unfinished: UnfinishedBytes;
  /** The time that messages of all nodes may take in one turn of the event loop. */
  readonly turn: TurnBudget;
  /** The largest message of a node that has or had jobs. */
  readonly maxMessageBytes: number;
  /** A message has begun and has not ended, or it has ended. */
  readonly onUnfinished: (connection: Connection, isUnfinished: boolean) => void;
  /** Whether a line about the socket may be logged: neither strangers nor nodes must fill the disk. */
  readonly mayLog: (remote: string, isRegistered: boolean) => boolean;
  /** The first message is complete. */
  readonly onFirstMessage: (connection: Connection) => void;
  /** The first `node_register` was answered, accepted or not. */
  readonly onAnswered: (connection: Connection) => void;
  /** A node registered on the connection, or left it. */
  readonly onRegistered: (connection: Connection, isRegistered: boolean) => void;
  /** The credential of the connection is known, or has changed. */
  readonly onHolder: (connection: Connection) => void;
  /** The connection has ended: no more messages in either direction. Called once. */
  readonly onEnded: (connection: Connection) => void;
}
