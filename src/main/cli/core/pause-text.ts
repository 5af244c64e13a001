// Why an owner pauses a node, and for how long, as plain English. Pure.
import type { PauseFacts } from '../../../shared/api/exclusion-facts';
import { PAUSE_TEXTS } from '../../../shared/reasons/pauses';
import { remainingText } from './text-table';

type Cause = Pick<PauseFacts, 'code' | 'detail'>;

/** `paused by its owner: full-screen program (Factorio)` */
export const pauseCauseText = (cause: Cause): string =>
  cause.code === 'owner' ? PAUSE_TEXTS.owner.en : `${PAUSE_TEXTS.owner.en}: ${ruleText(cause)}`;

/** `paused by its owner, for another 20 min`. An end that has passed is left out: the clocks of two computers differ. */
export const pauseText = (cause: Cause & Pick<PauseFacts, 'untilWallMs'>, nowWallMs: number): string =>
  `${pauseCauseText(cause)}${endText(cause, nowWallMs)}`;

/** Beside the word `paused`: `by its owner, for another 20 min`. */
export const shortPauseText = (cause: Cause & Pick<PauseFacts, 'untilWallMs'>, nowWallMs: number): string =>
  `${cause.code === 'owner' ? 'by its owner' : ruleText(cause)}${endText(cause, nowWallMs)}`;

const ruleText = ({ code, detail }: Cause): string => `${PAUSE_TEXTS[code].en}${detail === null ? '' : ` (${detail})`}`;

const endText = ({ untilWallMs }: Pick<PauseFacts, 'untilWallMs'>, nowWallMs: number): string =>
  untilWallMs === null || untilWallMs <= nowWallMs ? '' : `, for another ${remainingText(untilWallMs - nowWallMs)}`;
