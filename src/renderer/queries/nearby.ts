// Searches pools of the local network while a page shows them. The found pools are in the state.
import type { OperationResult } from '../../shared/api/app-api';
import { type Answer, useAnswer } from './use-answer';

/** The program searches for 60 s after a call. */
const BROWSE_EVERY_MS = 30_000;

export const useBrowsing = (isEnabled: boolean): Answer<OperationResult<'nearby.browse'>> =>
  useAnswer('nearby.browse', {}, { isEnabled, everyMs: () => BROWSE_EVERY_MS });
