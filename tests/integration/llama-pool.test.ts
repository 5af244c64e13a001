// A whole pool in real processes: OpenAI's client library, the scheduler, a node, and a real llama model in its own process.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import OpenAI, { APIError } from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MusterLab, type MusterProcess } from '../support/muster-process';
import { type LlamaServer, requireNodeLlama, startLlamaServer } from '../support/node-llama';
import { randomGguf } from '../support/random-gguf';
import { until } from '../support/until';
import { WAIT_LIMIT_MS } from '../support/within';

const llama = requireNodeLlama();
const MODEL = 'tiny-random';
const CONFIG = `[server]
port = 0
[scheduler.load_balancer]
resource_threshold = 100
[scheduler.node_health]
heartbeat_interval_seconds = 0.5
heartbeat_timeout_seconds = 5
`;
const request = { model: MODEL, messages: [{ role: 'user' as const, content: 'Is the node ready?' }], max_tokens: 24 };

describe.skipIf(llama.missing !== undefined)(
  `a pool with llama.cpp${llama.missing === undefined ? '' : ` (skipped: ${llama.missing})`}`,
  () => {
    let folder: string;
    let lab: MusterLab;
    let server: LlamaServer;
    let agent: MusterProcess;
    let client: OpenAI;

    beforeAll(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'muster-gguf-'));
      writeFileSync(path.join(folder, 'tiny.gguf'), randomGguf());
    });
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    beforeEach(async () => {
      lab = new MusterLab();
      server = await startLlamaServer(llama.path ?? '', path.join(folder, 'tiny.gguf'));
      const url = await lab.start(['scheduler', '--data-dir', lab.dataDir('scheduler', CONFIG)]).url();
      const argv = [
        'agent',
        '--data-dir',
        lab.dataDir('agent'),
        '--scheduler',
        url,
        '--simulate-gpu',
        'RTX 4090:24',
        '--log-level',
        'debug',
      ];
      agent = lab.start(argv, { MUSTER_RUNTIMES_URLS: server.url.origin });
      client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', maxRetries: 0, timeout: 2 * WAIT_LIMIT_MS });
      await until('the model in the pool', async () => (await readyModels()).includes(MODEL), 45_000);
    });
    afterEach(async () => {
      server.process.kill('SIGKILL');
      await lab.close();
    });

    const readyModels = async (): Promise<string[]> => (await client.models.list()).data.map(({ id }) => id);

    test('stream through the pool -> same text as without a stream, no part of the text in the logs', async () => {
      const pieces: string[] = [];
      const stream = await client.chat.completions.create({ ...request, stream: true });
      for await (const { choices } of stream) pieces.push(choices[0]?.delta.content ?? '');
      expect(pieces.filter((piece) => piece !== '').length).toBeGreaterThan(10);
      const { choices, usage } = await client.chat.completions.create(request);
      expect([usage?.completion_tokens, choices[0]?.message.content]).toEqual([24, pieces.join('')]);
      expect(agent.output).not.toContain('Is the node ready?');
    });

    test('server killed, also in the middle of an answer -> detected within seconds', async () => {
      let count = 0;
      const long = { ...request, max_tokens: 400 };
      const reading = (async () => {
        for await (const _chunk of await client.chat.completions.create({ ...long, stream: true })) {
          count += 1;
          if (count === 3) server.process.kill('SIGKILL');
        }
      })();
      await expect(reading).rejects.toThrow(APIError);
      await until('the model to leave the pool', async () => !(await readyModels()).includes(MODEL), 10_000);
    });
  },
);
