// `muster jobs --export FORMAT`: prints the list of jobs as a file, while it arrives.
import type { Outcome } from '../../shared/api/app-api';
import { ok } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import { bounded, causeOf, MAX_ANSWER_BYTES, SilenceLimit } from '../scheduler-client/bounded-answer';
import type { HttpClient } from '../scheduler-client/http-client';
import { EXIT } from './exit-code';
import { refusalIn } from './follow-job';

/** `query`: the filters of the list and the format. Never rejects. */
export async function exportJobs(
  client: HttpClient,
  query: Readonly<Record<string, string>>,
  out: (text: string) => void,
): Promise<Outcome<number>> {
  const silence = new SilenceLimit();
  try {
    silence.start();
    const url = client.url(`/api/v1/jobs/export?${new URLSearchParams(query).toString()}`);
    const response = await client.fetch(url, { headers: client.headers(), signal: silence.signal });
    if (!response.ok) return await refusalIn(response);
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    for await (const piece of silence.watch(bounded(response.body, MAX_ANSWER_BYTES.list))) out(decoder.decode(piece, { stream: true }));
    out(decoder.decode());
    return ok(EXIT.ok);
  } catch (error) {
    return failure('DISCONNECTED', { cause: causeOf(error) });
  } finally {
    silence.end();
  }
}
