// The event streams of the pool are shared: no key takes all of them, and the owner always gets one.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppApi } from '../../src/shared/api/app-api';
import type { KeyLimits } from '../../src/shared/api/members';
import { ok } from '../../src/shared/result';
import { EventStreamClient } from '../support/event-stream-client';
import { sendRequest } from '../support/http-api';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

/** The streams of the pool. */
const TOTAL = 64;
const PATH = '/api/v1/events';
const APP_PATH = '/api/v1/app/events';
const app: AppApi = {
  call: () => Promise.resolve(ok({} as never)),
  subscribe: (listener) => {
    listener.onEvents([{ type: 'pool', pool: null }]);
    return () => undefined;
  },
  ask: () => () => undefined,
};

let scheduler: TestScheduler;
let opened: EventStreamClient[];
beforeEach(async () => {
  opened = [];
  scheduler = await startTestScheduler({ app });
});
afterEach(async () => {
  for (const stream of opened) stream.close();
  await scheduler.stop();
});

type Headers = Readonly<Record<string, string>>;
async function viewer(name: string, limits: Partial<KeyLimits> = {}): Promise<Headers> {
  const body = { name, roles: ['viewer'], limits };
  const created = await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/keys', body });
  return { authorization: `Bearer ${(created.json() as { key: string }).key}` };
}

async function open(headers: Headers = {}, path = PATH): Promise<EventStreamClient> {
  const stream = await EventStreamClient.open(scheduler.port, path, headers);
  opened.push(stream);
  await stream.first(1);
  return stream;
}

async function openMany(count: number, headers: Headers): Promise<EventStreamClient[]> {
  const streams: EventStreamClient[] = [];
  for (let i = 0; i < count; i++) streams.push(await open(headers));
  return streams;
}

const refusal = async (headers: Headers, path = PATH): Promise<unknown> => {
  const answer = await sendRequest(scheduler.port, { path, headers });
  return [answer.status, answer.json()];
};

const isEnded = async (stream: EventStreamClient): Promise<boolean> =>
  Promise.race([stream.closed.then(() => true), new Promise<boolean>((resolve) => setTimeout(resolve, 100, false))]);

describe('streams of a key', () => {
  it('above max_streams -> 429 with numbers, on both routes together, until one has ended', async () => {
    const key = await viewer('small', { max_streams: 2 });
    const first = await open(key);
    await open(key, APP_PATH);
    const reached = [429, { error: { code: 'LIMIT_REACHED', details: { limit: 'streams', max: 2, found: 2 } } }];
    for (const path of [PATH, APP_PATH]) expect(await refusal(key, path)).toMatchObject(reached);
    expect(scheduler.log.of('limit_reached')).toMatchObject([{ limit: 'key_streams', from: expect.stringMatching(/^key-/) as string }]);
    first.close();
    await expect.poll(() => open(key).catch(() => null)).not.toBeNull();
  });

  it('another key exists -> at most half of the streams of the pool; a refused stream does not count', async () => {
    const key = await viewer('greedy');
    const other = await viewer('other');
    await openMany(TOTAL / 2, key);
    for (let i = 0; i < 3; i++)
      expect(await refusal(key)).toMatchObject([429, { error: { details: { limit: 'streams', max: TOTAL / 2, found: TOTAL / 2 } } }]);
    await open(other);
  });
});

describe('all streams are taken', () => {
  it('by one key -> the owner is admitted; the oldest stream of the key ends with an error; the key gets no other', async () => {
    const key = await viewer('greedy');
    const streams = await openMany(TOTAL, key);
    await open();
    await open({}, APP_PATH);
    for (const ended of streams.slice(0, 2)) {
      await ended.closed;
      expect(ended.isWhole).toBe(true);
      expect(ended.events.at(-1)?.data).toMatchObject({ error: { code: 'OVERLOADED', details: { limit: 'streams', max: TOTAL } } });
    }
    const [, , third] = streams;
    expect(third === undefined || (await isEnded(third))).toBe(false);
    expect(await refusal(key)).toMatchObject([503, { error: { code: 'OVERLOADED' } }]);
  });

  it('by two keys -> a third key gets one of the key with the most; equal shares -> 503 for those', async () => {
    const [one, two, three] = [await viewer('one'), await viewer('two'), await viewer('three')];
    const ofOne = await openMany(TOTAL / 2, one);
    await openMany(TOTAL / 2, two);
    await open(three);
    expect(ofOne[0] !== undefined && (await isEnded(ofOne[0]))).toBe(true);
    expect(await refusal(one)).toMatchObject([503, { error: { code: 'OVERLOADED' } }]);
  });

  it('by the owner -> a key gets none of them', async () => {
    const key = await viewer('late');
    const streams = await openMany(TOTAL, {});
    expect(await refusal(key)).toMatchObject([503, { error: { code: 'OVERLOADED' } }]);
    expect(streams[0] === undefined || (await isEnded(streams[0]))).toBe(false);
  });

  it('client of an ended stream does not read -> the stream is not counted', async () => {
    const key = await viewer('lazy');
    const [first] = await openMany(TOTAL, key);
    first?.pause();
    await open();
    expect((await sendRequest(scheduler.port, { path: '/metrics' })).text).toContain(`muster_event_streams ${String(TOTAL)}`);
  });
});
