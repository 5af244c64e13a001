// Sums the rows of a query by day, key, model or node. Of a long list, the groups with the fewest tokens become the rest.
import { dayOf, isByDay, MAX_USAGE_ROWS, subjectOf, type UsageBy, type UsageFigures, type UsageRow } from '../../../../shared/api/usage';
import { largestOf } from './largest';
import { addCounts, minusCounts, NOTHING, type UsageCounts } from './usage-counts';
import { type CountedRow, NO_KEY, OTHER, type UsageKind } from './usage-day';

const MAX_GROUPS = 1000;

export interface SumQuery {
  readonly by: UsageBy;
  readonly first: number;
  readonly last: number;
  /** Of the kind. Undefined: all. */
  readonly id: string | undefined;
  readonly model: string | undefined;
}

interface Group {
  total: UsageCounts;
  /** Empty when the query has no days. */
  readonly days: Map<number, UsageCounts>;
}

type Named = readonly [string, Group];

const newGroup = (): Group => ({ total: NOTHING, days: new Map() });

/** Which of the two counts answer the query. */
export const kindOf = (by: UsageBy, nodeId: string | undefined): UsageKind =>
  subjectOf(by) === 'node' || nodeId !== undefined ? 'node' : 'key';

export class UsageSum {
  readonly #query: SumQuery;
  readonly #groups = new Map<string, Group>();
  readonly #all = newGroup();

  constructor(query: SumQuery) {
    this.#query = query;
  }

  add(day: number, { id, model, counts }: CountedRow): void {
    const { by, id: wantedId, model: wantedModel } = this.#query;
    if ((wantedId !== undefined && id !== wantedId) || (wantedModel !== undefined && model !== wantedModel)) return;
    const subject = subjectOf(by);
    const name = subject === null ? '' : subject === 'model' ? model : id;
    const group = this.#groups.get(name) ?? newGroup();
    this.#groups.set(name, group);
    for (const each of [group, this.#all]) {
      each.total = addCounts(each.total, counts);
      if (isByDay(by)) each.days.set(day, addCounts(each.days.get(day) ?? NOTHING, counts));
    }
  }

  get total(): UsageFigures {
    return figuresOf(this.#all.total);
  }

  /** Yields where others may run: a year may have hundreds of thousands of groups. */
  *rows(nameOf: (id: string) => string | null): Generator<undefined, readonly UsageRow[]> {
    const { by, first, last } = this.#query;
    const groups = yield* this.#kept();
    if (!isByDay(by)) return groups.map(([id, { total }]) => rowOf(by, null, id, total, nameOf));
    const days = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    return days.flatMap((day) =>
      groups.flatMap(([id, group]) => {
        const counts = group.days.get(day);
        return counts === undefined ? [] : [rowOf(by, dayOf(day), id, counts, nameOf)];
      }),
    );
  }

  /** The most tokens first, the rest last. */
  *#kept(): Generator<undefined, readonly Named[]> {
    const { by, first, last } = this.#query;
    const most = isByDay(by) ? Math.floor(MAX_USAGE_ROWS / (last - first + 1)) - 1 : MAX_GROUPS;
    this.#groups.delete(OTHER);
    const order = ([, one]: Named, [, other]: Named): number => byUse(one.total, other.total);
    const kept = yield* largestOf<Named>(this.#groups, { most, order });
    // All without the kept ones: there may be a thousand times as many others.
    const rest: Group = { total: this.#all.total, days: new Map(this.#all.days) };
    for (const [, { total, days }] of kept) {
      rest.total = minusCounts(rest.total, total);
      for (const [day, counts] of days) rest.days.set(day, minusCounts(rest.days.get(day) ?? NOTHING, counts));
    }
    for (const [day, counts] of rest.days) if (isNothing(counts)) rest.days.delete(day);
    return isNothing(rest.total) ? kept : [...kept, [OTHER, rest]];
  }
}

const isNothing = (counts: UsageCounts): boolean => Object.values(counts).every((count) => count === 0);
const tokensOf = ({ promptTokens, outputTokens }: UsageCounts): number => promptTokens + outputTokens;

const byUse = (one: UsageCounts, other: UsageCounts): number =>
  tokensOf(other) - tokensOf(one) || other.gpuMs - one.gpuMs || other.requests - one.requests;

function rowOf(by: UsageBy, day: string | null, id: string, counts: UsageCounts, nameOf: (id: string) => string | null): UsageRow {
  const subject = subjectOf(by);
  const isNamed = subject !== null && id !== OTHER && !(subject === 'key' && id === NO_KEY);
  return {
    day,
    id: isNamed ? id : null,
    name: isNamed && subject !== 'model' ? nameOf(id) : null,
    rest: subject !== null && id === OTHER,
    ...figuresOf(counts),
  };
}

const figuresOf = (counts: UsageCounts): UsageFigures => ({
  requests: counts.requests,
  failed: counts.failed,
  cancelled: counts.cancelled,
  prompt_tokens: counts.promptTokens,
  cached_tokens: counts.cachedTokens,
  output_tokens: counts.outputTokens,
  gpu_seconds: Math.round(counts.gpuMs / 100) / 10,
  estimated: counts.estimated,
  refused: counts.refused,
});
