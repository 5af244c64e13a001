// Makes Ollama download one model, with one request that lasts as long as the download. Ollama continues an earlier download, and
// stops the download when the request ends.
import { assertNever } from '../../../shared/assert-never';
import type { Timer } from '../../platform/clock';
import { exchange, readBody, type RuntimeAnswer, TooLarge } from '../http/exchange';
import type { RuntimeConnection } from '../http/probe';
import type { PullEnd, PullProgress } from '../core/pulls/pull';
import { pullStepOf, NO_PROGRESS, refusalMessageOf, refusedPull } from '../core/pulls/pull-progress';

const PULL = '/api/pull';
const TIMEOUT_MS = 14 * 24 * 3600 * 1000;
/** Time without progress. Ollama sends lines many times a second even when no byte arrives. */
const STALLED_MS = 5 * 60 * 1000;
/** After the last byte Ollama computes the checksum without reporting progress. */
const STALLED_AFTER_BYTES_MS = 60 * 60 * 1000;
const MAX_LINE_CHARS = 64 * 1024;
const MAX_REFUSAL_BYTES = 64 * 1024;

/** Aborting the signal stops the download in Ollama too. Never rejects. */
export async function pullModel(
  { target, clock, headers }: RuntimeConnection,
  model: string,
  onProgress: (progress: PullProgress) => void,
  signal: AbortSignal,
): Promise<PullEnd> {
  const stalled = new AbortController();
  let watchdog: Timer | null = null;
  const resetWatchdog = (ms: number) => {
    watchdog?.cancel();
    watchdog = clock.setTimer(ms, () => {
      stalled.abort();
    });
  };
  resetWatchdog(STALLED_MS);
  const onStep = (progress: PullProgress, before: PullProgress) => {
    const isNew = progress.status !== before.status || progress.completedBytes !== before.completedBytes;
    const isWhole = progress.totalBytes > 0 && progress.completedBytes === progress.totalBytes;
    if (isNew) resetWatchdog(isWhole ? STALLED_AFTER_BYTES_MS : STALLED_MS);
    onProgress(progress);
  };
  const body = Buffer.from(JSON.stringify({ model, stream: true }));
  const outcome = await exchange(
    {
      target,
      clock,
      method: 'POST',
      path: PULL,
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      timeoutMs: TIMEOUT_MS,
      signal: AbortSignal.any([signal, stalled.signal]),
    },
    (response) => readPull(response, onStep),
  );
  (watchdog as Timer | null)?.cancel();
  if (outcome.ok) return outcome.value;
  if (signal.aborted) return { end: 'stopped' };
  if (stalled.signal.aborted || outcome.error === 'timeout') return failed('pull_stalled', null);
  if (outcome.error === 'too_large' || outcome.error === 'unreadable_answer') return failed('pull_unreadable', null);
  return failed('pull_broken', outcome.error);
}

type OnStep = (progress: PullProgress, before: PullProgress) => void;

async function readPull(response: RuntimeAnswer, onStep: OnStep): Promise<PullEnd> {
  const { status } = response;
  if (status !== 200) return refusedPull(refusalMessageOf(status, (await readBody(response, MAX_REFUSAL_BYTES)).toString('utf8')));
  let progress = NO_PROGRESS;
  for await (const line of linesOf(response)) {
    const step = pullStepOf(progress, line);
    switch (step.kind) {
      case 'done':
        return { end: 'done' };
      case 'failed':
        return refusedPull(step.message);
      case 'unreadable':
        return failed('pull_unreadable', null);
      case 'progress':
        onStep(step.progress, progress);
        progress = step.progress;
        break;
      default:
        assertNever(step);
    }
  }
  return failed('pull_broken', 'ended_early');
}

async function* linesOf({ body }: RuntimeAnswer): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_CHARS) throw new TooLarge();
    yield* lines.filter((line) => line.trim() !== '');
  }
  if (rest.trim() !== '') yield rest;
}

const failed = (code: Extract<PullEnd, { end: 'failed' }>['code'], message: string | null): PullEnd => ({ end: 'failed', code, message });
