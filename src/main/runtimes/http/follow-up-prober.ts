// Sends the follow-up requests of a server type. POST requests concern one version of one model: their answers are kept while that model
// is listed, and each probe sends only a few of them.
import type { Answers, ProbeAnswer } from '../core/servers/answers';
import type { Question } from '../core/servers/server-type';
import { ask, type ProbeContext } from './probe';

/** POST requests per probe. The others wait for the next probe. */
const MAX_PER_PROBE = 16;

export class FollowUpProber {
  #answers: Answers = {};
  /** By key, the number of the probe that sent the request last, so that failing requests do not block others. */
  #askedInProbe = new Map<string, number>();
  #probes = 0;

  /** The answers to these requests, cached and new. Never rejects. */
  async ask(context: ProbeContext, questions: readonly Question[]): Promise<Answers> {
    const paths = questions.filter((question) => typeof question === 'string');
    const details = questions.filter((question) => typeof question !== 'string');
    const askedAt = ({ key }: { readonly key: string }): number => this.#askedInProbe.get(key) ?? 0;
    const unknown = details
      .filter(({ key }) => this.#answers[key] === undefined)
      .toSorted((one, other) => askedAt(one) - askedAt(other))
      .slice(0, MAX_PER_PROBE);
    this.#probes++;
    this.#askedInProbe = new Map([
      ...details.map((one) => [one.key, askedAt(one)] as const),
      ...unknown.map(({ key }) => [key, this.#probes] as const),
    ]);
    const answers = await ask(context, [...paths, ...unknown]);
    const all = { ...this.#answers, ...answers };
    this.#answers = Object.fromEntries(details.flatMap(({ key }) => (isFinal(all[key]) ? [[key, all[key]] as const] : [])));
    return all;
  }
}

/** Whether the same request would get the same answer: a success, or an answer that is too large. */
const isFinal = (answer: ProbeAnswer | undefined): boolean =>
  answer?.kind === 'failed' ? answer.code === 'too_large' : answer?.status === 200;
