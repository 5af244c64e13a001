// Chunks on their way to those who follow a job.
import { expect, it } from 'vitest';
import type { JobEvent } from '../../../../src/shared/api/job';
import { JobSubscribers } from '../../../../src/main/scheduler/jobs/job-subscribers';

function followed(liveAttempt: number | null): { readonly followers: JobSubscribers; readonly heard: string[] } {
  const heard: string[] = [];
  const followers = new JobSubscribers();
  followers.add('job', liveAttempt, (event: JobEvent) => {
    if (event.type === 'chunk') heard.push(`${String(event.attempt)}.${String(event.seq)}`);
  });
  return { followers, heard };
}

it('come in order and never twice, and it is said how many are missing', () => {
  const { followers, heard } = followed(null);
  expect([0, 1, 1, 0, 4, 5].map((seq) => followers.chunk('job', 1, seq, 'x'))).toEqual([0, 0, 0, 0, 2, 0]);
  expect(followers.chunk('job', 2, 1, 'x')).toBe(1);
  expect(heard).toEqual(['1.0', '1.1', '1.4', '1.5', '2.1']);
});

it('are not called missing when the attempt ran before it was followed', () => {
  const { followers, heard } = followed(3);
  expect([7, 8, 10].map((seq) => followers.chunk('job', 3, seq, 'x'))).toEqual([0, 0, 1]);
  expect(followers.chunk('job', 4, 2, 'x')).toBe(2);
  expect(heard).toEqual(['3.7', '3.8', '3.10', '4.2']);
});
