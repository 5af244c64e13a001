// The JSON of a job with its result, which is already JSON: the same bytes as those of the whole view.
import type { JobEvent } from '../../../shared/api/job';
import type { ShownJob } from '../jobs/jobs-port';
import { resultBytes } from '../jobs/result-json';
import type { EventJson } from './event-streams';

type Piece = string | Uint8Array;

/** `result` and `waiting` are the last fields of a view. */
function piecesOf({ view: { result: _none, waiting, ...facts }, result }: ShownJob): readonly [head: string, result: Piece, tail: string] {
  return [`${JSON.stringify(facts).slice(0, -1)},"result":`, result ?? 'null', `,"waiting":${JSON.stringify(waiting)}}`];
}

/** In pieces: one text would be a copy of a large result. */
export const jobJson = (job: ShownJob): readonly Buffer[] =>
  piecesOf(job).map((piece) =>
    typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength),
  );

/** In pieces: a stream writes a large result in a turn of its own. */
export function jobEventJson(job: ShownJob): EventJson {
  const [head, result, tail] = piecesOf(job);
  return [`{"type":"job","job":${head}`, result, `${tail}}`];
}

export function eventJson(event: JobEvent): EventJson {
  if (event.type !== 'job' || event.job.result === null) return JSON.stringify(event);
  return jobEventJson({ view: event.job, result: resultBytes(event.job.result) });
}
