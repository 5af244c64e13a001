// Why an owner pauses a node, and for how long, as plain English. Pure.
import type { PauseFacts } from '../../../shared/api/exclusion-facts';
import { PAUSE_TEXTS } from '../../../shared/reasons/pauses';
import { remainingText } from './text-table';

/** `paused by its owner: full-screen program (Factorio)` */
export function pauseCauseText({ code, detail }: Pick<PauseFacts, 'code' | 'detail'>): string {
  if (code === 'owner') return PAUSE_TEXTS.owner.en;
  return `${PAUSE_TEXTS.owner.en}: ${PAUSE_TEXTS[code].en}${detail === null ? '' : ` (${detail})`}`;
}

/** `paused by its owner, for another 20 min`. An end that has passed is left out: the clocks of two computers differ. */
export function pauseText(facts: Pick<PauseFacts, 'code' | 'detail' | 'untilWallMs'>, nowWallMs: number): string {
  const { untilWallMs } = facts;
  const end = untilWallMs === null || untilWallMs <= nowWallMs ? '' : `, for another ${remainingText(untilWallMs - nowWallMs)}`;
  return `${pauseCauseText(facts)}${end}`;
}
