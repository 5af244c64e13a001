// Asks the leader whether the sender of an upgrade may be a node: the leader has the keys.
import type { LoopbackState } from '../../../shared/loopback';
import { isSchedulerErrorCode } from '../../../shared/protocol/codes';
import { fail, ok } from '../../../shared/result';
import type { AbuseLog } from '../../platform/abuse-log';
import type { Clock, Timer } from '../../platform/clock';
import { sourceOf } from '../../platform/source-address';
import type { Channel } from '../cluster/channel/channel';
import { onRecord } from '../cluster/channel/on-record';
import { Handshakes } from '../node-socket/handshakes';
import type { Admitted, NodeUpgrade } from '../node-socket/node-admission';
import { admittedSchema, NODE_ADMIT, NODE_ADMITTED, toPrincipal } from './core/node-records';

/** Less than a node waits for its connection. */
const ANSWER_TIMEOUT_MS = 5000;

export interface AskedAdmissionsOptions {
  readonly channel: () => Channel | null;
  readonly maxPerAddress: number;
  readonly abuse: AbuseLog;
  readonly clock: Clock;
  readonly loopback: LoopbackState;
}

interface Question {
  readonly answer: (admitted: Admitted) => void;
  readonly timer: Timer;
}

export class AskedAdmissions {
  readonly #options: AskedAdmissionsOptions;
  readonly #questions = new Map<number, Question>();
  /** Bounded as strangers are: who asks is not known yet. */
  readonly #asking: Handshakes<number>;
  #asked = 0;

  constructor(options: AskedAdmissionsOptions) {
    this.#options = options;
    this.#asking = new Handshakes(options.maxPerAddress);
  }

  attach(channel: Channel): void {
    onRecord(channel, NODE_ADMITTED, admittedSchema, (head) => {
      if ('as' in head) this.#end(head.q, ok({ principal: toPrincipal(head.as), knownAs: head.known_as }));
      else this.#end(head.q, fail(isSchedulerErrorCode(head.code) ? head.code : 'INTERNAL_ERROR'));
    });
    void channel.ended.then(() => {
      for (const q of [...this.#questions.keys()]) this.#end(q, fail('NOT_LEADER'));
    });
  }

  /** Without a leader the node is refused at once: it tries the other addresses of the pool, and comes again. */
  readonly ask = (upgrade: NodeUpgrade): Admitted | Promise<Admitted> => {
    const { channel, clock, abuse, loopback } = this.#options;
    const leader = channel();
    if (leader === null) return fail('NOT_LEADER');
    const peer = { from: sourceOf(upgrade.remoteAddress ?? undefined), knownAs: null };
    const refusal = this.#asking.refusal(peer);
    if (refusal !== null || leader.isFull) {
      if (refusal !== null) abuse.limitReached(refusal.limit, peer.from);
      return fail('OVERLOADED');
    }
    const q = ++this.#asked;
    this.#asking.add(q, peer);
    return new Promise((answer) => {
      const timer = clock.setTimer(ANSWER_TIMEOUT_MS, () => {
        this.#end(q, fail('NOT_LEADER'));
      });
      this.#questions.set(q, { answer, timer });
      leader.send(NODE_ADMIT, {
        q,
        token: upgrade.token,
        remote_address: upgrade.remoteAddress,
        header_names: upgrade.headerNames,
        join_nonce: upgrade.joinNonce,
        node_id: upgrade.nodeId,
        node_token: upgrade.nodeToken,
        loopback,
      });
    });
  };

  #end(q: number, admitted: Admitted): void {
    const question = this.#questions.get(q);
    if (question === undefined) return;
    this.#questions.delete(q);
    this.#asking.delete(q);
    question.timer.cancel();
    question.answer(admitted);
  }
}
