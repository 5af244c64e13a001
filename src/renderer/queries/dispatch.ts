// Queries about dispatch: which node would get a job, and why jobs found no node.
import type { Exclusions, Explanation, ExplainRequest, JobRequirementsView } from '../../shared/api/dispatch';
import type { Change } from '../../shared/api/what-if';
import { type Answer, useAnswer } from './use-answer';

/** For a group of reasons the scheduler reads every node. */
const REASONS_EVERY_MS = 10_000;

export const useExclusions = (): Answer<Exclusions> => useAnswer('pool.exclusions', {}, { everyMs: () => REASONS_EVERY_MS });

/** Null: no query. An explanation belongs to the moment of the request and is not refreshed. */
export const useExplanation = (request: ExplainRequest | null): Answer<Explanation> =>
  useAnswer('pool.explain', { ...request, grouped: true }, { isEnabled: request !== null, isFinal: () => true, keepsLast: true });

/** Why no node takes a waiting job, while it waits. */
export const useGroupedReasons = (requirements: JobRequirementsView, isEnabled: boolean): Answer<Explanation> =>
  useAnswer('pool.explain', { ...requirements, grouped: true, node_limit: 0 }, { isEnabled, everyMs: () => REASONS_EVERY_MS });

/** The outcomes of these changes now. */
export const useWhatIf = (requirements: JobRequirementsView, changes: readonly Change[]): Answer<Explanation> =>
  useAnswer(
    'pool.explain',
    { ...requirements, what_if: [...changes], node_limit: 0 },
    { isEnabled: changes.length > 0, everyMs: () => REASONS_EVERY_MS },
  );
