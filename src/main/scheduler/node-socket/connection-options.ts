// What all connections of nodes share: limits, counters, and the events that a connection reports to the endpoint.
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { TurnBudget } from '../access/turn-budget';
import type { UnfinishedBytes } from '../access/unfinished-bytes';
import type { Principal } from '../members/core/principal';
import type { NodeLink } from '../nodes/node-link';
import type { SchedulerStats } from '../nodes/scheduler-stats';
import type { NodeSession } from './node-session';

/** `Connection`: the class that has these options. */
export interface ConnectionOptions<Connection> {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: SchedulerStats;
  /** `principal` null: a node without a credential. */
  readonly openSession: (link: NodeLink, principal: Principal | null, onHolder: () => void) => NodeSession;
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
