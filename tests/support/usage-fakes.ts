// The use of a pool.
import { type Usage, type UsageBy, type UsageFigures, type UsageRow } from '../../src/shared/api/usage';

export const usageFigures = (change: Partial<UsageFigures> = {}): UsageFigures => ({
  requests: 12,
  failed: 2,
  cancelled: 1,
  prompt_tokens: 4000,
  cached_tokens: 1000,
  output_tokens: 900,
  gpu_seconds: 75.5,
  estimated: 0,
  refused: 0,
  ...change,
});

export const usageRow = (change: Partial<UsageRow> = {}): UsageRow => ({
  day: null,
  id: null,
  name: null,
  rest: false,
  ...usageFigures(),
  ...change,
});

/** The row of an answer by this. */
export const usageOf = ({ by }: { readonly by: UsageBy }): Usage => ({
  from: '2026-11-24',
  to: '2026-11-30',
  today: '2026-11-30',
  by,
  since: '2026-11-01',
  total: usageFigures(),
  rows: [usageRow(by === 'day' ? { day: '2026-11-30' } : { id: '=1+1', name: by === 'model' ? null : '=1+1' })],
});
