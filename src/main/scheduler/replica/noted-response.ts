// The response at the end of an answer, which the leader keeps. A leader that took over during the answer has not read the request, so it gets
// the request, too.
import type { JsonRecords } from '../cluster/channel/json-records';
import type { LeaderLink } from '../cluster/channel/leader-link';
import { ANSWER_KEPT, ANSWER_NOTED, type HandedOver } from './core/answer-records';

export interface NotedResponseOptions {
  readonly link: Pick<LeaderLink, 'channel'>;
  readonly records: JsonRecords;
  readonly answer: Pick<HandedOver, 'jobId' | 'facts' | 'holder'>;
  /** Of the leader that has handed the answer over. */
  readonly epoch: number;
  /** The body of the request. Null: it is not here any more. */
  readonly body: () => Buffer | null;
}

export class NotedResponse {
  readonly #options: NotedResponseOptions;
  #response: object | null = null;
  #sentTo: number | null = null;

  constructor(options: NotedResponseOptions) {
    this.#options = options;
  }

  /** At once: the client may name the response in its next request. */
  note(response: object): void {
    this.#response = response;
    this.#send(response);
  }

  /** The answer has ended. */
  closed(): void {
    if (this.#response !== null && this.#options.link.channel?.epoch !== this.#sentTo) this.#send(this.#response);
  }

  #send(response: object): void {
    const { link, records, answer, epoch, body } = this.#options;
    const { channel } = link;
    if (channel === null) return;
    this.#sentTo = channel.epoch;
    if (channel.epoch === epoch) records.send(channel, ANSWER_NOTED, { job_id: answer.jobId }, response);
    else {
      const request = body()?.toString('utf8') ?? null;
      if (request !== null) records.send(channel, ANSWER_KEPT, { facts: answer.facts, holder: answer.holder }, { response, request });
    }
  }
}
