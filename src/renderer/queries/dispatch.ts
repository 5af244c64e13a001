// What the scheduler says of dispatch: which node would get a job, and the reasons of jobs that found none.
import type { Exclusions, Explanation, JobRequirements } from '../../shared/api/dispatch';
import { type Answer, useAnswer } from './use-answer';

export const useExclusions = (): Answer<Exclusions> => useAnswer('pool.exclusions', {});

/** Null: nothing is asked. An explanation is of the moment in which it was asked for, and is not followed. */
export const useExplanation = (requirements: JobRequirements | null): Answer<Explanation> =>
  useAnswer('pool.explain', requirements ?? {}, { isWanted: requirements !== null, isFinal: () => true, keepsLast: true });
