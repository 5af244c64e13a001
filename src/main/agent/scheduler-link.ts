// The link to the scheduler: performs the session's commands (sockets, timers, identity), and reports messages, timers and socket
// changes as session events, one after another. It decides nothing about the protocol.
import type { NodeMessageInput } from '../../shared/protocol/node-messages';
import { decodeSchedulerMessage } from '../../shared/protocol/decode';
import { DEFAULT_MAX_MESSAGE_BYTES } from '../../shared/protocol/limits';
import type { JobAssign, JobCancel, JobResultAck, ModelControlMessage, SchedulerMessage } from '../../shared/protocol/scheduler-messages';
import { assertNever } from '../../shared/assert-never';
import type { Clock } from '../platform/clock';
import type { SchedulerAddress } from '../contracts/ports';
import type { Logger } from '../platform/logger';
import type { IdentityStore } from './identity-store';
import type { Registration } from './jobs/result-delivery';
import type { NodeSocket } from './node-socket';
import { openSchedulerSocket } from './scheduler-socket';
import { SessionTimers } from './session-timers';
import { linkFields, loggedState, olderLeaderFields } from './session/link-fields';
import { configuredUrls, presentUrlOf, usableUrls } from './session/pool-urls';
import { pingIntervalMs, step } from './session/session';
import {
  INITIAL_SESSION,
  type NoticeCode,
  type SessionCommand,
  type SessionEvent,
  type SessionState,
  type ShownIdentity,
  type Target,
} from './session/session-state';

export interface SchedulerLinkOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly identities: IdentityStore;
  /** `localAddress`: of this end of the connection. Null: it ended meanwhile. */
  readonly makeRegister: (identity: ShownIdentity | null, localAddress: string | null) => NodeMessageInput;
  readonly makeHeartbeat: (nodeId: string) => NodeMessageInput;
  /** The registration was acknowledged, for the first time on this connection or again. */
  readonly onRegistered: (registration: Registration) => void;
  readonly onJobMessage: (message: JobAssign | JobCancel | JobResultAck) => void;
  readonly onModelControl: (message: ModelControlMessage) => void;
  readonly onChange: () => void;
  readonly onNotice: (code: NoticeCode, details: Readonly<Record<string, string>>) => void;
  readonly onStopped: () => void;
}

/** Of the key of an invitation (ADR 0021). */
const INVITATION_PREFIX = 'mi_';

/** Limit of logged invalid frames per connection, so that a faulty scheduler cannot fill the disk. */
const MAX_INVALID_LOGGED = 20;

export class SchedulerLink {
  readonly #options: SchedulerLinkOptions;
  #session: SessionState = INITIAL_SESSION;
  readonly #queue: SessionEvent[] = [];
  #isDispatching = false;
  #address: SchedulerAddress | null = null;
  #socket: NodeSocket | null = null;
  /** The last socket that the session closed is closed. */
  #closed: Promise<void> = Promise.resolve();
  readonly #timers: SessionTimers;
  #invalidFrames = 0;
  #pingMs: number | null = null;
  #heartbeatSentAtWallMs: number | null = null;

  constructor(options: SchedulerLinkOptions) {
    this.#options = options;
    this.#timers = new SessionTimers(options.clock, (timer) => {
      this.dispatch({ type: 'timer_due', timer });
    });
  }

  state(): SessionState {
    return this.#session;
  }

  /** The pool that jobs belong to: its pin, else its first URL. A pool that moves, or has another leader, keeps its jobs. Null: no pool. */
  schedulerKey(): string | null {
    return this.#session.target === null ? null : (this.#address?.pin ?? this.#session.target.url);
  }

  /** The address of the scheduler in use, or of the one that is tried. Null: no scheduler. */
  presentUrl(): string | null {
    return this.#session.target === null ? null : presentUrlOf(this.#session.target);
  }

  /** Resolves when the socket that the session closed last is closed: after at most about a second. */
  closed(): Promise<void> {
    return this.#closed;
  }

  /** Round trip of the last ping on this connection; null before the first. */
  latencyMs(): number | null {
    return this.#pingMs;
  }

  /** When the last heartbeat was sent. Null: none was sent to this scheduler. */
  lastHeartbeatAtWallMs(): number | null {
    return this.#heartbeatSentAtWallMs;
  }

  /** With the present address, pin and token the connection is kept, and a pending reconnect happens now. */
  connectTo(address: SchedulerAddress | null): void {
    if (address !== null && isSameAddress(address, this.#address) && address.url === this.#session.target?.url) {
      this.dispatch({ type: 'recheck' });
      return;
    }
    this.#heartbeatSentAtWallMs = null;
    this.#address = address;
    this.dispatch({
      type: 'connect_to',
      target: address === null ? null : this.#targetOf(address),
    });
  }

  #targetOf({ url, joinToken, pin = null, others = [] }: SchedulerAddress): Target {
    const { identities } = this.#options;
    const learnedUrls = usableUrls(url, identities.poolUrls(url, pin));
    const urls = { url, learnedUrls, configuredUrls: configuredUrls(url, others) };
    return { ...urls, pin, identity: identities.get(url, pin), credential: identities.credential(url, pin), joinToken };
  }

  /** A stopping node stays registered until its graceful disconnect. */
  isRegistered(): boolean {
    return ['registered', 'stopping'].includes(this.#session.link.state);
  }

  /** Sends a frame about a job. False: this node is not registered, or the socket accepts no more data. */
  sendJobFrame(text: string, mayWait?: boolean): boolean {
    return this.isRegistered() && this.#socket?.send(text, mayWait) === true;
  }

  dispatch(event: SessionEvent): void {
    this.#queue.push(event);
    if (this.#isDispatching) return;
    this.#isDispatching = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#handle(next);
    this.#isDispatching = false;
  }

  #handle(event: SessionEvent): void {
    const { clock, random } = this.#options;
    const before = this.#session;
    const [after, commands] = step(before, event, { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs(), random: random() });
    this.#session = after;
    this.#logTransition(before, after);
    for (const command of commands) this.#perform(command);
    if (after !== before || commands.some((command) => command.type === 'heartbeat')) this.#options.onChange();
  }

  #perform(command: SessionCommand): void {
    const { identities, onNotice, onStopped, makeRegister, makeHeartbeat } = this.#options;
    switch (command.type) {
      case 'open_socket':
        this.#open(command.url, command.secret ?? null);
        break;
      case 'close_socket':
        this.#closed = this.#socket?.close(command.code) ?? this.#closed;
        this.#socket = null;
        break;
      case 'terminate_socket':
        this.#socket?.terminate();
        this.#socket = null;
        break;
      case 'register':
        this.#send(makeRegister(command.identity, this.#socket?.localAddress() ?? null));
        break;
      case 'heartbeat':
        if (this.#send(makeHeartbeat(command.nodeId))) this.#heartbeatSentAtWallMs = this.#options.clock.wallMs();
        break;
      case 'send':
        this.#send(command.message);
        break;
      case 'set_timer':
        this.#timers.set(command.timer, command.delayMs);
        break;
      case 'clear_timer':
        this.#timers.clear(command.timer);
        break;
      case 'clear_timers':
        this.#timers.clearAll();
        break;
      case 'save_identity':
        identities.save(command.url, command.identity);
        break;
      case 'delete_identity':
        identities.delete(command.url);
        break;
      case 'save_credential':
        identities.saveCredential(command.url, this.#session.target?.pin ?? null, command.credential);
        break;
      case 'save_pool_urls':
        identities.savePoolUrls(command.url, this.#session.target?.pin ?? null, command.urls);
        break;
      case 'notice':
        onNotice(command.code, command.details);
        break;
      case 'older_leader':
        this.#options.logger.log('warn', 'older_leader_refused', olderLeaderFields(command));
        break;
      case 'stopped':
        onStopped();
        break;
      default:
        assertNever(command);
    }
  }

  #send(message: NodeMessageInput): boolean {
    const sent = this.#socket?.send(JSON.stringify(message)) ?? false;
    if (!sent) this.#options.logger.log('warn', 'message_not_sent', { type: message.type });
    return sent;
  }

  #open(url: string, secret: string | null): void {
    this.#invalidFrames = 0;
    this.#pingMs = null;
    const { identities, clock } = this.#options;
    const { identity = null, pin = null, url: poolUrl = url } = this.#session.target ?? {};
    const joinNonce = secret?.startsWith(INVITATION_PREFIX) === true ? identities.joinNonce(secret) : null;
    this.#socket = openSchedulerSocket({ url, poolUrl, secret, joinNonce, identity, pin }, identities, clock, {
      onOpened: (peer, withholdsToken = false) => {
        this.dispatch({ type: 'socket_opened', peer, withholdsToken });
      },
      onFailed: (failure) => {
        this.#socket = null;
        this.dispatch({ type: 'connect_failed', ...failure });
      },
      pingIntervalMs: () => pingIntervalMs(this.#session),
      onText: (text) => {
        this.#receive(text);
      },
      onBinary: () => {
        this.#invalidFrame('', 'binary frame');
      },
      onActivity: () => {
        this.dispatch({ type: 'activity' });
      },
      onLatency: (ms) => {
        this.#pingMs = ms;
        this.#options.onChange();
      },
      onClosed: (code, cause, reason) => {
        this.#socket = null;
        this.dispatch({ type: 'socket_closed', code, cause, reason });
      },
    });
  }

  #receive(text: string): void {
    const decoded = decodeSchedulerMessage(text);
    if (!decoded.ok) {
      this.#invalidFrame(decoded.error.field, decoded.error.reason);
      return;
    }
    const message = decoded.value;
    if (message.type === 'node_error' || message.type === 'error') {
      this.#options.logger.log('warn', 'node_error_received', {
        code: message.code,
        field: message.details?.field,
        reason: message.details?.reason,
      });
    }
    this.dispatch({ type: 'message', message });
    this.#forward(message);
  }

  /** Forwards messages that do not concern the link. */
  #forward(message: SchedulerMessage): void {
    const url = this.schedulerKey();
    if (!this.isRegistered()) return;
    if (message.type === 'job_assign' || message.type === 'job_cancel' || message.type === 'job_result_ack')
      this.#options.onJobMessage(message);
    if (message.type === 'model_control') this.#options.onModelControl(message);
    if (message.type === 'node_register_ack' && url !== null) {
      const { node_id: nodeId, max_message_bytes: maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES } = message;
      this.#options.onRegistered({ url, nodeId, maxMessageBytes });
    }
  }

  #invalidFrame(field: string, reason: string): void {
    this.#invalidFrames++;
    if (this.#invalidFrames <= MAX_INVALID_LOGGED) this.#options.logger.log('warn', 'invalid_message', { field, reason });
  }

  #logTransition(before: SessionState, after: SessionState): void {
    const { logger } = this.#options;
    const [from, to] = [loggedState(before), loggedState(after)];
    if (from !== to) logger.log('info', 'link_changed', { from, to, ...linkFields(after) });
    const status = after.nodeStatus?.message;
    if (status === undefined || before.nodeStatus === after.nodeStatus || status.periodic === true) return;
    logger.log('info', 'node_status_received', { node_id: status.node_id, status: status.status, reason_code: status.reason_code });
  }
}

const isSameAddress = (one: SchedulerAddress, other: SchedulerAddress | null): boolean =>
  one.url === other?.url && one.joinToken === other.joinToken && (one.pin ?? null) === (other.pin ?? null);
