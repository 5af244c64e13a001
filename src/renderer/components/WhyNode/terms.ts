// The parts of a predicted time, in the order in which they happen, and their lengths in a bar.
import type { PredictedNodeView } from '../../../shared/api/prediction';

/** Without `displaced`, which is no part of the time of this job. */
export const SHOWN_TERMS = ['slot', 'wait', 'load', 'input', 'output'] as const;

type ShownTerm = (typeof SHOWN_TERMS)[number];

/**
 * The predicted seconds. From a tenth on, the sum of the terms as they are shown: 2.13 + 3.52 is shown as 2.1 + 3.5, so their sum is 5.6.
 */
export function shownSeconds({ seconds, terms }: Pick<PredictedNodeView, 'seconds' | 'terms'>): number {
  const tenths = SHOWN_TERMS.reduce((sum, term) => sum + Math.round(terms[term] * 10), 0);
  return tenths === 0 ? seconds : tenths / 10;
}

interface BarPart {
  readonly term: ShownTerm;
  /** Percent of the longest bar. */
  readonly width: number;
}

/** The bar of a node. `longest`: the seconds of the slowest node. */
export function barOf({ terms }: PredictedNodeView, longest: number): readonly BarPart[] {
  return SHOWN_TERMS.filter((term) => terms[term] > 0).map((term) => ({ term, width: (terms[term] / longest) * 100 }));
}
