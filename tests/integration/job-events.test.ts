// The event streams of single jobs over HTTP: their events, their limit, and how they end.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobView } from '../../src/shared/api/job';
import { EventStreamClient } from '../support/event-stream-client';
import { failAttempt, readyNode, submitted, succeed } from '../support/job-pool';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

let scheduler: TestScheduler;

beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(async () => {
  await scheduler.stop();
});

describe('events of a job', () => {
  it('job waits -> reason first, then only changes', async () => {
    const node = await readyNode(scheduler.url, { max_concurrent_jobs: 1 });
    await submitted(scheduler.port);
    const running = await node.until('job_assign');
    const jobId = await submitted(scheduler.port);
    const client = await EventStreamClient.open(scheduler.port, `/api/v1/jobs/${jobId}/events`);
    await client.first(1);
    succeed(node, running);
    failAttempt(node, await node.until('job_assign', (message) => message.job_id === jobId), true);
    const events = (await client.first(3)).map(({ data }) => data['job'] as JobView);
    expect(events.map(({ status, waiting }) => [status, waiting?.reasons ?? null])).toEqual([
      ['queued', { capacity_exceeded: { count: 1, examples: [node.nodeId] } }],
      ['assigned', null],
      ['queued', null],
    ]);
    client.close();
  });

  it('many subscribers of jobs -> a limit separate from that of pool streams', async () => {
    const jobId = await submitted(scheduler.port);
    const subscribe = (path: string) => EventStreamClient.open(scheduler.port, path);
    const subscribers = [];
    for (let i = 0; i < 256; i++) subscribers.push(await subscribe(`/api/v1/jobs/${jobId}/events`));
    await expect(subscribe(`/api/v1/jobs/${jobId}/events`)).rejects.toThrow('503');
    const watcher = await subscribe('/api/v1/events');
    for (const each of [...subscribers, watcher]) each.close();
  });

  it('scheduler stops -> streams end complete', async () => {
    const other = await startTestScheduler();
    const clients = [
      await EventStreamClient.open(other.port, `/api/v1/jobs/${await submitted(other.port)}/events`),
      await EventStreamClient.open(other.port, '/api/v1/events'),
    ];
    for (const client of clients) await client.first(1);
    await other.stop();
    for (const client of clients) await client.closed;
    expect(clients.map(({ isWhole }) => isWhole)).toEqual([true, true]);
  });
});
