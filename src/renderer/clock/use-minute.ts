// The present minute, for what follows from all nodes: lists of them are not computed each second.
import { useClockPart } from './Clock';

const MINUTE_MS = 60_000;

/** The beginning of the present minute, Unix ms. */
export const useMinute = (): number => useClockPart((nowWallMs) => Math.floor(nowWallMs / MINUTE_MS) * MINUTE_MS);
