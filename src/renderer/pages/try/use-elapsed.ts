// The time since a start, renewed while it runs. Monotonic, in ms.
import { useEffect, useState } from 'react';

const RENEW_MS = 250;

export function useElapsedMs(sinceMonotonicMs: number, isRunning: boolean): number {
  return Math.max(0, useNowMonotonicMs(isRunning) - sinceMonotonicMs);
}

export function useNowMonotonicMs(isRunning: boolean): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => setNow(performance.now()), RENEW_MS);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now;
}
