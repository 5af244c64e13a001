// Queries about dispatch: which node would get a job, and why jobs found no node.
import type { Exclusions, Explanation, ExplainRequest } from '../../shared/api/dispatch';
import { type Answer, useAnswer } from './use-answer';

export const useExclusions = (): Answer<Exclusions> => useAnswer('pool.exclusions', {});

/** Null: no query. An explanation belongs to the moment of the request and is not refreshed. */
export const useExplanation = (requirements: ExplainRequest | null): Answer<Explanation> =>
  useAnswer('pool.explain', requirements ?? {}, { isEnabled: requirements !== null, isFinal: () => true, keepsLast: true });
