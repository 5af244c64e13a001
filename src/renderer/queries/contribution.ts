// The contribution of this computer to its pools, while a page shows it.
import type { Contribution } from '../../shared/api/gpu';
import { type Answer, useAnswer } from './use-answer';

const REFRESH_EVERY_MS = 15_000;

export const useContribution = (): Answer<Contribution> => useAnswer('agent.contribution', {}, { everyMs: () => REFRESH_EVERY_MS });
