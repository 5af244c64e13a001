// HTTP runtimes with stand-ins, for tests over real sockets: opens, probes, runs, and closes everything after each test.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';
import { systemClock } from '../../src/main/platform/clock';
import { HttpRuntime, type HttpRuntimeOptions } from '../../src/main/runtimes/http/http-runtime';
import type { RunContext, RunOutcome, RuntimeSnapshot } from '../../src/main/runtimes/runtime';
import type { OpenAiTask, Task } from '../../src/shared/protocol/tasks';
import type { StandIn } from './stand-ins/stand-in';

export interface RuntimeBench {
  /** Closed after the test. */
  use(opening: Promise<StandIn>): Promise<StandIn>;
  runtime(standIn: StandIn, fields?: Partial<HttpRuntimeOptions>): HttpRuntime;
  runtimeAt(url: URL, fields?: Partial<HttpRuntimeOptions>): HttpRuntime;
  /** A file with this content, removed after the test. */
  file(content: string, mode?: number): string;
  /** New content for such a file. */
  write(file: string, content: string): void;
}

/** The findings of a probe in one line. */
export const brief = ({ runtime, models }: RuntimeSnapshot): string =>
  [
    runtime.type,
    runtime.state,
    runtime.reasonCode,
    ...models.map(({ model, state, reasonCode }) => `${model.model_id} ${state} ${reasonCode}`),
  ].join(', ');

export function useRuntimeBench(): RuntimeBench {
  let opened: StandIn[] = [];
  let folders: string[] = [];
  afterEach(async () => {
    await Promise.all(opened.map((standIn) => standIn.close().catch(() => undefined)));
    for (const folder of folders) rmSync(folder, { recursive: true });
    opened = [];
    folders = [];
  });
  const runtimeAt = (url: URL, fields: Partial<HttpRuntimeOptions> = {}) =>
    new HttpRuntime({ url, named: false, apiKeyFile: null, clock: systemClock, maxOutputBytes: 1_000_000, ...fields });
  return {
    async use(opening) {
      const standIn = await opening;
      opened.push(standIn);
      return standIn;
    },
    runtime: (standIn, fields = {}) => runtimeAt(standIn.url, fields),
    runtimeAt,
    file(content, mode = 0o600) {
      const folder = mkdtempSync(path.join(tmpdir(), 'muster-key-'));
      folders.push(folder);
      const file = path.join(folder, 'key');
      writeFileSync(file, content, { mode });
      return file;
    },
    write: writeFileSync,
  };
}

export const openAiTask = (taskPath: OpenAiTask['path'], body: OpenAiTask['body']): Task => ({ kind: 'openai', path: taskPath, body });
export const chatTask = (model: string, fields: object = {}): Task =>
  openAiTask('/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Is the node ready?' }], ...fields });

export interface Ran {
  readonly outcome: RunOutcome;
  readonly chunks: readonly unknown[];
}

export async function run(runtime: HttpRuntime, task: Task, fields: Partial<RunContext> = {}): Promise<Ran> {
  const chunks: unknown[] = [];
  const outcome = await runtime.run(task, {
    signal: new AbortController().signal,
    timeoutMs: 10_000,
    onChunk: (data) => {
      chunks.push(data);
    },
    ...fields,
  });
  return { outcome, chunks };
}

export const codeOf = (outcome: RunOutcome): string => (outcome.success ? 'success' : outcome.error.code);
export const isRetryable = (outcome: RunOutcome): boolean | null => (outcome.success ? null : outcome.error.details.retryable);
