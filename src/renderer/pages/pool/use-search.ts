// The search for pools of the local network, as the page shows it. The program searches while the page is open, and a pool that appears
// later is shown, too. But pools answer within seconds: after these the page says that there is none, instead of searching forever.
import { useState } from 'react';
import type { AppError } from '../../../shared/api/app-api';
import type { NearbyView } from '../../../shared/api/nearby';
import { useClock, useClockPart } from '../../clock/Clock';
import { useBrowsing } from '../../queries/nearby';

const SEARCH_MS = 10_000;

export interface PoolSearch {
  readonly isSearching: boolean;
  readonly isFetching: boolean;
  readonly error: AppError | null;
  readonly again: () => void;
}

/** Null: this program does not search. */
export function usePoolSearch(nearby: NearbyView | null): PoolSearch {
  const clock = useClock();
  const { isFetching, error, refetch } = useBrowsing(nearby !== null);
  const [sinceWallMs, setSinceWallMs] = useState(clock.now);
  const isRecent = useClockPart((nowWallMs) => nowWallMs - sinceWallMs < SEARCH_MS);
  return {
    isSearching: isRecent && nearby !== null && (nearby.is_browsing || isFetching),
    isFetching,
    error,
    again() {
      setSinceWallMs(clock.now());
      refetch();
    },
  };
}
