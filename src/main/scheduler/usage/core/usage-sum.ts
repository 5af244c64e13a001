// Sums the rows of a query by day, key, model or node. Of a long list, the groups with the fewest tokens become the rest.
import { dayOf, isByDay, MAX_USAGE_ROWS, subjectOf, type UsageBy, type UsageFigures, type UsageRow } from '../../../../shared/api/usage';
import { addCounts, NOTHING, type UsageCounts } from './usage-counts';
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
  readonly days: Map<number, UsageCounts>;
}

/** Which of the two counts answer the query. */
export const kindOf = (by: UsageBy, nodeId: string | undefined): UsageKind =>
  subjectOf(by) === 'node' || nodeId !== undefined ? 'node' : 'key';

export class UsageSum {
  readonly #query: SumQuery;
  readonly #groups = new Map<string, Group>();
  #total = NOTHING;

  constructor(query: SumQuery) {
    this.#query = query;
  }

  add(day: number, { id, model, counts }: CountedRow): void {
    const { by, id: wantedId, model: wantedModel } = this.#query;
    if ((wantedId !== undefined && id !== wantedId) || (wantedModel !== undefined && model !== wantedModel)) return;
    const subject = subjectOf(by);
    const name = subject === null ? '' : subject === 'model' ? model : id;
    const group = this.#groups.get(name) ?? { total: NOTHING, days: new Map<number, UsageCounts>() };
    this.#groups.set(name, group);
    group.total = addCounts(group.total, counts);
    if (isByDay(by)) group.days.set(day, addCounts(group.days.get(day) ?? NOTHING, counts));
    this.#total = addCounts(this.#total, counts);
  }

  get total(): UsageFigures {
    return figuresOf(this.#total);
  }

  rows(nameOf: (id: string) => string | null): readonly UsageRow[] {
    const { by, first, last } = this.#query;
    const groups = this.#kept();
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
  #kept(): readonly (readonly [string, Group])[] {
    const { by, first, last } = this.#query;
    const most = isByDay(by) ? Math.floor(MAX_USAGE_ROWS / (last - first + 1)) - 1 : MAX_GROUPS;
    const named = [...this.#groups].filter(([id]) => id !== OTHER).sort(([, one], [, other]) => byUse(one.total, other.total));
    const rest: Group = { total: NOTHING, days: new Map() };
    const other = this.#groups.get(OTHER);
    for (const group of [...named.slice(most).map(([, dropped]) => dropped), ...(other === undefined ? [] : [other])]) {
      rest.total = addCounts(rest.total, group.total);
      for (const [day, counts] of group.days) rest.days.set(day, addCounts(rest.days.get(day) ?? NOTHING, counts));
    }
    const hasRest = Object.values(rest.total).some((count) => count > 0);
    return hasRest ? [...named.slice(0, most), [OTHER, rest]] : named.slice(0, most);
  }
}

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
});
