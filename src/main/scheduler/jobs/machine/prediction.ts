// The end of a job that its prediction leads to expect (ADR 0024).
import type { Choice } from '../../dispatch/choice';
import { predictedMs } from '../../dispatch/prediction/cost';
import type { ExpectedJob } from '../../lifecycle/expected-jobs';

/** Null: nothing is known of the speed of the chosen node. */
export function expectedJobOf({ forecasts }: Pick<Choice, 'forecasts'>, nowMonotonicMs: number): ExpectedJob | null {
  const [chosen] = forecasts;
  if (chosen === undefined) return null;
  const { modelId, terms } = chosen;
  const load = terms.loadMs === 0 ? {} : { load: { modelId, beginMonotonicMs: nowMonotonicMs, ms: terms.loadMs } };
  return { promptMs: terms.inputMs, endMonotonicMs: nowMonotonicMs + predictedMs(terms), ...load };
}
