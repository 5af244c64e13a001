// Asks what there is to ask of a runtime besides its lists. Questions with a body are about one model as it is: their answers are
// remembered while that model is there, and not all are asked in one look.
import type { Answers, ProbeAnswer } from '../core/servers/answers';
import type { Question } from '../core/servers/server-type';
import { ask, type LookContext } from './probe';

/** The others wait for the next look. */
const MAX_AT_ONCE = 16;

export class AskedOnce {
  private remembered: Answers = {};
  /** When each was asked last, as a count of looks: those that fail do not keep others from their turn. */
  private askedAt = new Map<string, number>();
  private looks = 0;

  /** Never rejects. The answers to these questions, old and new. */
  async ask(context: LookContext, questions: readonly Question[]): Promise<Answers> {
    const paths = questions.filter((question) => typeof question === 'string');
    const details = questions.filter((question) => typeof question !== 'string');
    const askedAt = ({ key }: { readonly key: string }): number => this.askedAt.get(key) ?? 0;
    const unknown = details
      .filter(({ key }) => this.remembered[key] === undefined)
      .toSorted((one, other) => askedAt(one) - askedAt(other))
      .slice(0, MAX_AT_ONCE);
    this.looks++;
    this.askedAt = new Map([
      ...details.map((one) => [one.key, askedAt(one)] as const),
      ...unknown.map(({ key }) => [key, this.looks] as const),
    ]);
    const answers = await ask(context, [...paths, ...unknown]);
    const all = { ...this.remembered, ...answers };
    this.remembered = Object.fromEntries(details.flatMap(({ key }) => (holds(all[key]) ? [[key, all[key]] as const] : [])));
    return all;
  }
}

/** Whether asking again would tell the same: an answer, also one that is too large to be read. */
const holds = (answer: ProbeAnswer | undefined): boolean =>
  answer?.kind === 'failed' ? answer.code === 'too_large' : answer?.status === 200;
