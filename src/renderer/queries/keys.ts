// The limits and the present use of each key.
import { useMemo } from 'react';
import type { OperationResult } from '../../shared/api/app-api';
import type { KeyView } from '../../shared/api/members';
import { type Answer, useAnswer } from './use-answer';

const REFRESH_EVERY_MS = 15_000;
const NONE: readonly KeyView[] = [];

/** Of a member: the keys that it made for its own programs. */
export const useOwnKeys = (): Answer<OperationResult<'keys.list'>> => useAnswer('keys.list', {}, { everyMs: () => REFRESH_EVERY_MS });

/** By id. Empty until they have arrived, and for a caller that may not read them. */
export function useKeysById(isEnabled: boolean): ReadonlyMap<string, KeyView> {
  const keys = useAnswer('keys.list', {}, { isEnabled, everyMs: () => REFRESH_EVERY_MS }).value?.keys ?? NONE;
  return useMemo(() => new Map(keys.map((key) => [key.id, key])), [keys]);
}
