// Streamed answers of the OpenAI API count as streams of their key.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sendRequest } from '../support/http-api';
import { accept, chatOutput, chatTask, readyNode, succeed } from '../support/job-pool';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

let scheduler: TestScheduler;
beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(() => scheduler.stop());

it('streamed answers of a key above its limit -> 429 with numbers, until one has ended; whole answers do not count', async () => {
  const body = { name: 'small', limits: { max_streams: 1 } };
  const { key } = (await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/keys', body })).json() as { key: string };
  const node = await readyNode(scheduler.url, { max_concurrent_jobs: 4 });
  const chat = (stream: boolean, signal: AbortSignal | null = null) =>
    fetch(`${scheduler.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...chatTask().body, stream }),
      signal,
    });
  const client = new AbortController();
  const first = chat(true, client.signal).catch(() => null);
  accept(node, await node.until('job_assign'));
  const refused = await chat(true);
  expect([refused.status, await refused.json()]).toMatchObject([
    429,
    { error: { message: 'this key has reached a limit: 1 stream at once, 1 open', muster: { limit: 'streams', max: 1, found: 1 } } },
  ]);

  const whole = chat(false);
  succeed(node, await node.until('job_assign'), chatOutput('hello'));
  expect((await whole).status).toBe(200);

  client.abort();
  await first;
  await node.until('job_cancel');
  const second = chat(true, AbortSignal.timeout(60_000)).catch(() => null);
  succeed(node, await node.until('job_assign'), chatOutput('again'));
  expect((await second)?.status).toBe(200);
});
