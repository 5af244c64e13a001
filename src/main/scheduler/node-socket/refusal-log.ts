// The log lines of refused upgrades. Refused clients try again and again: a member without the role of a node every 30 s, for as long as its
// program runs.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorCode } from '../../../shared/protocol/codes';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';

const INTERVAL_MS = 1000;
const MAX_MEMBERS = 4096;
/** Only a credential that the scheduler knows has these refusals, so that strangers cannot fill the memory. */
const OF_MEMBERS: readonly ErrorCode[] = ['FORBIDDEN', 'REVOKED'];

type Request = Pick<IncomingMessage, 'headers'>;
type Peer = Pick<Socket, 'remoteAddress' | 'remotePort'>;

export class RefusalLog {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #maxMembers: number;
  /** By the hash of the credential: the last logged code. The oldest comes first. */
  readonly #logged = new Map<string, ErrorCode>();
  #loggedAtMonotonicMs = -Infinity;

  constructor({ clock, logger }: { readonly clock: Clock; readonly logger: Logger }, maxMembers = MAX_MEMBERS) {
    this.#clock = clock;
    this.#logger = logger;
    this.#maxMembers = maxMembers;
  }

  /** Logs at most one line a second, and the same refusal of a member once until the member is admitted. */
  refused(peer: Peer, code: ErrorCode, request: Request): void {
    const member = OF_MEMBERS.includes(code) ? credentialOf(request) : null;
    if (member !== null && this.#logged.get(member) === code) return;
    const nowMonotonicMs = this.#clock.monotonicMs();
    if (nowMonotonicMs - this.#loggedAtMonotonicMs < INTERVAL_MS) return;
    this.#loggedAtMonotonicMs = nowMonotonicMs;
    if (member !== null) this.#keep(member, code);
    this.#logger.log('warn', 'node_upgrade_refused', {
      remote: `${peer.remoteAddress ?? 'unknown'}:${String(peer.remotePort ?? 0)}`,
      code,
    });
  }

  admitted(request: Request): void {
    if (this.#logged.size === 0) return;
    const member = credentialOf(request);
    if (member !== null) this.#logged.delete(member);
  }

  #keep(member: string, code: ErrorCode): void {
    this.#logged.delete(member);
    this.#logged.set(member, code);
    for (const oldest of this.#logged.keys()) {
      if (this.#logged.size <= this.#maxMembers) return;
      this.#logged.delete(oldest);
    }
  }
}

function credentialOf({ headers: { authorization } }: Request): string | null {
  return authorization === undefined ? null : createHash('sha256').update(authorization).digest('base64');
}
