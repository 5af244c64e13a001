// Headers that say how the node of an answer was chosen, and the time that was predicted for it (ADR 0024).
import type { JobView } from '../../../../../shared/api/job';

const MS_PER_SECOND = 1000;

/** Of the attempt that answered, else of the latest one. No headers: the job had no node, or nothing is known of the choice. */
export function routeHeadersOf({ attempt: latest, result, attempts }: JobView): Readonly<Record<string, string>> {
  const answering = result?.attempt ?? latest;
  const prediction = attempts.find(({ attempt }) => attempt === answering)?.prediction;
  if (prediction === undefined) return {};
  const [chosen] = prediction.nodes;
  const route = { 'x-muster-route': prediction.route };
  return chosen === undefined ? route : { ...route, 'x-muster-predicted-ms': String(Math.round(chosen.seconds * MS_PER_SECOND)) };
}
