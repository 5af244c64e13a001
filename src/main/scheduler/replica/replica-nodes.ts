// The nodes of a replica: ends their WebSockets, with the limits of a scheduler that is alone, and passes their messages to the leader.
import type { LoopbackState } from '../../../shared/loopback';
import { CLOSE_CODES } from '../../../shared/protocol/codes';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { AccessPolicy } from '../access/access-policy';
import type { Channel } from '../cluster/channel/channel';
import type { LeaderLink } from '../cluster/channel/leader-link';
import { onRecord } from '../cluster/channel/on-record';
import { NodeEndpoint, type NodeSocketLimits } from '../node-socket/node-endpoint';
import type { SchedulerStats } from '../nodes/scheduler-stats';
import { AskedAdmissions } from './asked-admissions';
import {
  assignSchema,
  closeSchema,
  handledSchema,
  NODE_ASSIGN,
  NODE_CLOSE,
  NODE_HANDLED,
  NODE_SEND,
  NODE_SENT,
  sendSchema,
  toWirePrincipal,
} from './core/node-records';
import { ForwardingSession, type ForwardingSessionOptions } from './forwarding-session';
import { NodeBeats } from './node-beats';
import { Renewals } from './renewals';
import type { ReplicaChunks } from './replica-chunks';

export interface ReplicaNodesOptions {
  readonly link: LeaderLink;
  readonly access: AccessPolicy;
  /** What this replica permits its own machine without a key. */
  readonly loopback: LoopbackState;
  readonly limits: NodeSocketLimits;
  readonly chunks: ReplicaChunks;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of this replica. */
  readonly stats: SchedulerStats;
}

export class ReplicaNodes {
  readonly #options: ReplicaNodesOptions;
  readonly #endpoint: NodeEndpoint;
  readonly #admissions: AskedAdmissions;
  readonly #beats: NodeBeats;
  readonly #renewals: Renewals<ForwardingSession>;
  readonly #sessionOptions: ForwardingSessionOptions;
  readonly #sessions = new Map<number, ForwardingSession>();
  #opened = 0;

  constructor(options: ReplicaNodesOptions) {
    const { link, limits, clock, stats, chunks, loopback } = options;
    this.#options = options;
    const channel = () => link.channel;
    this.#admissions = new AskedAdmissions({
      channel,
      maxPerAddress: limits.maxHandshakesPerAddress,
      abuse: limits.abuse,
      clock,
      loopback,
    });
    this.#beats = new NodeBeats(clock);
    this.#renewals = new Renewals({
      clock,
      timeoutMs: limits.registrationTimeoutMs,
      onLate: (session) => {
        session.link.close(CLOSE_CODES.registrationTimeout);
      },
    });
    this.#sessionOptions = {
      ...{ stats, chunks, channel, clock, beats: this.#beats },
      onAnswered: (session) => {
        this.#renewals.done(session);
      },
      onClosed: (session) => {
        this.#sessions.delete(session.id);
        this.#renewals.done(session);
      },
    };
    this.#endpoint = new NodeEndpoint({
      ...options,
      admit: this.#admissions.ask,
      openSession: (connection, { principal }, onHolder) => {
        const session = new ForwardingSession(this.#sessionOptions, ++this.#opened, connection, toWirePrincipal(principal), onHolder);
        this.#sessions.set(session.id, session);
        return session;
      },
    });
    link.onChannel((opened) => {
      this.#attach(opened);
    });
  }

  /** Open node sockets, those without a registered node, those that wait for the answer to their first registration, and for a new leader. */
  get counts(): NodeEndpoint['counts'] & { readonly renewing: number } {
    return { ...this.#endpoint.counts, renewing: this.#renewals.size };
  }

  start(): void {
    this.#endpoint.start();
  }

  /** The nodes try the next member. */
  sendAway(): Promise<void> {
    return this.#endpoint.sendAway();
  }

  /** Closes every connection with the code for a stopping scheduler. */
  async stop(): Promise<void> {
    this.#renewals.stop();
    this.#beats.stop();
    await this.#endpoint.stop();
  }

  /** For the HTTP server's `upgrade` event. */
  get upgrade(): NodeEndpoint['upgrade'] {
    return this.#endpoint.upgrade;
  }

  #attach(channel: Channel): void {
    this.#admissions.attach(channel);
    this.#beats.use(channel);
    onRecord(channel, NODE_HANDLED, handledSchema, (head) => this.#sessions.get(head.c)?.handled(head));
    onRecord(channel, NODE_CLOSE, closeSchema, ({ c, code }) => this.#sessions.get(c)?.link.close(code));
    onRecord(channel, NODE_SEND, sendSchema, ({ c, ended, wants_load: wantsLoad }, body) => {
      const session = this.#sessions.get(c);
      if (session === undefined) return;
      const { nodeId } = session;
      if (ended !== undefined && nodeId !== null) this.#options.chunks.ended(nodeId, { jobId: ended.job_id, attempt: ended.attempt });
      if (wantsLoad === true) session.wantsLoad();
      session.link.sendText(body, 0);
    });
    onRecord(channel, NODE_ASSIGN, assignSchema, ({ c, job_id: jobId, attempt, path, follower }, body) => {
      const answer = (lost: boolean): void => {
        channel.send(NODE_SENT, { c, job_id: jobId, attempt, lost });
      };
      const session = this.#sessions.get(c);
      if (session?.nodeId == null) {
        answer(true);
        return;
      }
      this.#options.chunks.assigned(session.nodeId, { jobId, attempt, path, follower });
      const isSent = session.link.sendText(body, body.length, () => {
        answer(false);
      });
      if (!isSent) answer(true);
    });
    this.#renewals.begin(this.#sessions.values());
    void channel.ended.then(() => {
      this.#beats.use(null);
      this.#renewals.stop();
      for (const session of this.#sessions.values()) session.lost();
    });
  }
}
