// The command line in this process, with a whole scheduler and one ready, scripted node on a real socket.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { COMMANDS } from '../../src/main/cli/commands';
import { runCli } from '../../src/main/cli/run-cli';
import { fakeIo } from '../unit/cli/fake-io';
import { OWNER_KEY } from './http-api';
import { readyNode } from './job-pool';
import type { TestNode } from './test-node';
import { startTestScheduler, temporaryDir, type TestScheduler } from './test-scheduler';

export const CHAT = ['submit', '--model', 'llm-a', '--prompt', 'hello'];
export const STREAMED_JOB = JSON.stringify({
  task: { kind: 'openai', path: '/v1/chat/completions', body: { model: 'llm-a', messages: [], stream: true } },
});
export const COMMAND_JOB = JSON.stringify({ task: { kind: 'command', model_id: 'llm-a', input: 'hello' } });
export const SPEECH_JOB = JSON.stringify({
  task: { kind: 'openai', path: '/v1/audio/speech', body: { model: 'llm-a', input: 'hello', voice: 'any' } },
});
export const answer = (content: string) => ({ status: 200, body: { choices: [{ index: 0, message: { role: 'assistant', content } }] } });

export interface CliBench {
  scheduler: TestScheduler;
  /** Has the model `llm-a`. */
  node: TestNode;
  folder: string;
  run(
    argv: readonly string[],
    piped?: string,
    io?: { readonly outIsTerminal?: boolean },
  ): Promise<{ code: number; out: string; err: string }>;
  /** Writes a file of this test. */
  fileOf(name: string, content: string | Buffer): string;
}

/** New for each test of a file. */
export function useCliBench(): CliBench {
  let remove: () => void;
  const bench = {
    async run(argv, piped = '', how = {}) {
      const io = { ...fakeIo({ MUSTER_URL: bench.scheduler.url }, piped), ...how };
      return { code: await runCli([...argv, '--data-dir', bench.folder], COMMANDS, io), ...io.written };
    },
    fileOf(name, content) {
      const file = path.join(bench.folder, name);
      writeFileSync(file, content);
      return file;
    },
  } as CliBench;
  beforeEach(async () => {
    ({ dir: bench.folder, remove } = temporaryDir());
    writeFileSync(path.join(bench.folder, 'admin-token'), OWNER_KEY, { mode: 0o600 });
    bench.scheduler = await startTestScheduler();
    bench.node = await readyNode(bench.scheduler.url, { installed_models: [{ model_id: 'llm-a', kind: 'llm', version: '1' }] });
  });
  afterEach(async () => {
    bench.node.close();
    await bench.scheduler.stop();
    remove();
  });
  return bench;
}
