// Results of 15 MB. The scheduler sends a stored result without parsing it: to parse it and to encode it again stalled the event loop.
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { jobViewSchema } from '../../src/shared/api/job';
import { OWNER_KEY, sendRequest } from '../support/http-api';
import { accept, jobOf, readyNode, submitted, succeed } from '../support/job-pool';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { withTurns } from '../support/turns';
import { until } from '../support/until';
import { within } from '../support/within';

/** 50 ms on a quiet machine. CPU time doubles when other programs use the caches. */
const LONGEST_TURN_MS = 100;
/** Far below the result, and above every other text of these requests. */
const MAX_JSON_LENGTH = 100_000;

let scheduler: TestScheduler;
beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await scheduler.stop();
});

const output = (text: string) => ({ status: 200, content_type: 'application/json', body: { choices: [{ message: { content: text } }] } });

async function finishedJob(text: string): Promise<string> {
  const node = await readyNode(scheduler.url);
  const jobId = await submitted(scheduler.port);
  const assign = await node.until('job_assign');
  accept(node, assign);
  succeed(node, assign, output(text));
  await node.until('job_result_ack');
  node.close();
  return jobId;
}

/** The whole answer, also of a stream. Without JSON, which the test counts. */
function bytesOf(path: string, key = OWNER_KEY): Promise<Buffer> {
  const answer = new Promise<Buffer>((resolve, reject) => {
    const options = { host: '127.0.0.1', port: scheduler.port, path, headers: { authorization: `Bearer ${key}` }, agent: false };
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve(Buffer.concat(chunks));
      });
    });
    sent.on('error', reject);
    sent.end();
  });
  return within(`the answer to ${path}`, answer, 20_000);
}

/** The longest text that is parsed or made while `work` runs. */
async function longestJson(work: () => Promise<unknown>): Promise<number> {
  const { parse, stringify } = JSON;
  let longest = 0;
  vi.spyOn(JSON, 'parse').mockImplementation((text: string, reviver) => {
    longest = Math.max(longest, text.length);
    return parse(text, reviver) as unknown;
  });
  vi.spyOn(JSON, 'stringify').mockImplementation((value: unknown, ...rest: unknown[]) => {
    const text = stringify(value, ...(rest as []));
    longest = Math.max(longest, (text as string | undefined)?.length ?? 0);
    return text;
  });
  await work();
  vi.restoreAllMocks();
  return longest;
}

const LARGE = 'x'.repeat(15_000_000);

describe('job with a result of 15 MB', () => {
  it('read -> the stored JSON is sent, never parsed; each turn is short', async () => {
    const jobId = await finishedJob(LARGE);
    let answer: Buffer = Buffer.alloc(0);
    let turns = 0;
    const longest = await longestJson(async () => {
      const { value, longestMs } = await withTurns(() => bytesOf(`/api/v1/jobs/${jobId}`));
      [answer, turns] = [value, longestMs];
    });
    expect(longest).toBeLessThan(MAX_JSON_LENGTH);
    expect(turns).toBeLessThan(LONGEST_TURN_MS);
    expect(jobViewSchema.parse(JSON.parse(answer.toString())).result?.output).toEqual(output(LARGE));
  });

  it('event stream -> the same, and one line', async () => {
    const jobId = await finishedJob(LARGE);
    let answer: Buffer = Buffer.alloc(0);
    const longest = await longestJson(async () => {
      answer = await bytesOf(`/api/v1/jobs/${jobId}/events`);
    });
    expect(longest).toBeLessThan(MAX_JSON_LENGTH);
    const job = JSON.stringify(await jobOf(scheduler.port, jobId));
    expect(answer.toString() === `retry: 2000\n\ndata: {"type":"job","job":${job}}\n\n`).toBe(true);
  });

  it('caller that may not see contents -> job without output, which is not parsed', async () => {
    const jobId = await finishedJob(LARGE);
    const made = await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/keys', body: { name: 'wall', roles: ['viewer'] } });
    const { key } = made.json() as { readonly key: string };
    let answer: Buffer = Buffer.alloc(0);
    const longest = await longestJson(async () => {
      answer = await bytesOf(`/api/v1/jobs/${jobId}`, key);
    });
    expect(longest).toBeLessThan(MAX_JSON_LENGTH);
    expect(jobViewSchema.parse(JSON.parse(answer.toString()))).toMatchObject({
      status: 'succeeded',
      result: { success: true, output: null },
    });
  });
});

it('job followed until its end -> the last event has the result, and the stream ends', async () => {
  const node = await readyNode(scheduler.url);
  const jobId = await submitted(scheduler.port);
  const assign = await node.until('job_assign');
  accept(node, assign);
  const followed = bytesOf(`/api/v1/jobs/${jobId}/events`);
  await until('the stream', async () => (await sendRequest(scheduler.port, { path: '/metrics' })).text.includes('muster_job_streams 1'));
  succeed(node, assign, output('y'.repeat(1_000_000)));
  const events = (await followed).toString().trimEnd().split('\n\n');
  const job = JSON.stringify(await jobOf(scheduler.port, jobId));
  expect(events.at(-1) === `data: {"type":"job","job":${job}}`).toBe(true);
});
