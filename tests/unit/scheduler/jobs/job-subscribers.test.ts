// The order of chunks for subscribers.
import { expect, it } from 'vitest';
import type { JobEvent } from '../../../../src/shared/api/job';
import { JobSubscribers } from '../../../../src/main/scheduler/jobs/job-subscribers';

function subscribed(liveAttempt: number | null): { readonly subscribers: JobSubscribers; readonly received: string[] } {
  const received: string[] = [];
  const subscribers = new JobSubscribers();
  subscribers.add('job', liveAttempt, (event: JobEvent) => {
    if (event.type === 'chunk') received.push(`${String(event.attempt)}.${String(event.seq)}`);
  });
  return { subscribers, received };
}

it('chunks: in order, never twice -> returns the number of missing chunks', () => {
  const { subscribers, received } = subscribed(null);
  expect([0, 1, 1, 0, 4, 5].map((seq) => subscribers.chunk('job', 1, seq, 'x'))).toEqual([0, 0, 0, 0, 2, 0]);
  expect(subscribers.chunk('job', 2, 1, 'x')).toBe(1);
  expect(received).toEqual(['1.0', '1.1', '1.4', '1.5', '2.1']);
});

it('chunks: attempt ran before the first subscriber -> none missing', () => {
  const { subscribers, received } = subscribed(3);
  expect([7, 8, 10].map((seq) => subscribers.chunk('job', 3, seq, 'x'))).toEqual([0, 0, 1]);
  expect(subscribers.chunk('job', 4, 2, 'x')).toBe(2);
  expect(received).toEqual(['3.7', '3.8', '3.10', '4.2']);
});
