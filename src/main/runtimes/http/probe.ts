// Asks a runtime several things at once, each for at most two seconds and a megabyte, and gives back what came.
import type { Clock } from '../../platform/clock';
import type { Answers, ProbeAnswer } from './answers';
import { exchange, readBody, type RuntimeTarget } from './exchange';

export const PROBE_TIMEOUT_MS = 2000;
const MAX_ANSWER_BYTES = 1024 * 1024;

export interface ProbeContext {
  readonly target: RuntimeTarget;
  readonly clock: Clock;
  readonly headers: Readonly<Record<string, string>>;
}

/** Never rejects. */
export async function ask(context: ProbeContext, paths: readonly string[]): Promise<Answers> {
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await askOne(context, path)] as const)));
}

async function askOne({ target, clock, headers }: ProbeContext, path: string): Promise<ProbeAnswer> {
  const request = { target, clock, path, headers, method: 'GET', body: null, timeoutMs: PROBE_TIMEOUT_MS, signal: null } as const;
  const answer = await exchange(request, async (response) => ({
    status: response.statusCode ?? 0,
    text: (await readBody(response, MAX_ANSWER_BYTES)).toString('utf8'),
  }));
  if (!answer.ok) return { kind: 'failed', code: answer.error };
  return { kind: 'answered', ...answer.value, json: parseJson(answer.value.text) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
