// Queries about the use of the pool by day.
import { useMemo } from 'react';
import { may } from '../../shared/api/pool-access';
import type { OperationParams } from '../../shared/api/app-api';
import type { Usage, UsageRow } from '../../shared/api/usage';
import { useApp } from '../store/Screen';
import { type Answer, useAnswer } from './use-answer';

const REFRESH_EVERY_MS = 60_000;

/** The last answer is shown until that of another period has loaded. */
export const useUsage = (query: OperationParams<'pool.usage'>, isEnabled = true): Answer<Usage> =>
  useAnswer('pool.usage', query, { isEnabled, everyMs: () => REFRESH_EVERY_MS, keepsLast: true });

/** The last seven days of each model. Null: not known, or the caller sees only its own use. */
export function useUseOfModels(isEnabled: boolean): ReadonlyMap<string, UsageRow> | null {
  const mayView = useApp(({ pool }) => may(pool, 'view'));
  const { value } = useUsage({ by: 'model' }, isEnabled && mayView);
  return useMemo(() => (value === null || !isEnabled ? null : byId(value)), [value, isEnabled]);
}

export interface UseById {
  readonly keys: ReadonlyMap<string, UsageRow>;
  readonly nodes: ReadonlyMap<string, UsageRow>;
}

const byId = (usage: Usage | null): ReadonlyMap<string, UsageRow> =>
  new Map((usage?.rows ?? []).flatMap((row) => (row.id === null ? [] : [[row.id, row] as const])));

/** The last seven days of each key and each node. Null: not known yet. */
export function useUseOfMembers(): UseById | null {
  const keys = useUsage({ by: 'key' }).value;
  const nodes = useUsage({ by: 'node' }).value;
  return useMemo(() => (keys === null || nodes === null ? null : { keys: byId(keys), nodes: byId(nodes) }), [keys, nodes]);
}
