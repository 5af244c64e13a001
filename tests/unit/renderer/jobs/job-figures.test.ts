import { describe, expect, test } from 'vitest';
import { bytesOf, fileNameOf, isAudio } from '../../../../src/renderer/pages/jobs/content-bytes';
import { deadlineOf, ranMs, tokensPerSecondOf, waitedMs } from '../../../../src/renderer/pages/jobs/job-figures';
import type { JobStatus } from '../../../../src/shared/api/job';
import { appJob, jobRow } from '../../../fixtures/app-states/jobs';

test.each([
  [{ completion_tokens: 121, decode_ms: 2500 }, 48],
  [{ completion_tokens: 1, decode_ms: 5 }, null],
  [{ completion_tokens: 121, decode_ms: 0 }, null],
  [{ completion_tokens: 121 }, null],
  [{ decode_ms: 2500 }, null],
])('tokensPerSecondOf %j -> %j', (timings, rate) => {
  expect(tokensPerSecondOf(timings)).toBe(rate);
});

describe('waitedMs, ranMs', () => {
  test.each<[string, JobStatus, number | null, number | null, number, number | null]>([
    ['queued, never started', 'queued', null, null, 90, null],
    ['queued again after an attempt', 'queued', 20, null, 90, null],
    ['assigned', 'assigned', null, null, 90, null],
    ['running', 'running', 30, null, 20, 70],
    ['done', 'succeeded', 30, 45, 20, 15],
    ['expired', 'expired', null, 60, 50, null],
    ['cancelled before the start', 'cancelled', null, 60, 50, null],
    ['cancelled, perhaps after a requeue', 'cancelled', 20, 60, 10, null],
    ['started by a node whose clock is behind', 'running', 5, null, 0, 95],
    ['started by a node whose clock is ahead', 'running', 130, null, 120, 0],
  ])('%s', (_what, status, started_at, finished_at, waited, ran) => {
    const job = { status, created_at: 10, started_at, finished_at };
    expect([waitedMs(job, 100), ranMs(job, 100)]).toEqual([waited, ran]);
  });
});

test('deadlineOf: queued -> queue deadline; running -> attempt deadline; ended -> none', () => {
  const attempt = { attempt: 1, node_id: 'node-A', assigned_at: 1000, ended_at: null, outcome: null, error: null };
  const of = (status: JobStatus, started_at: number | null) =>
    deadlineOf(appJob(jobRow({ status }), { timeout_seconds: 5, queue_deadline_at: 77, attempts: [{ ...attempt, started_at }] }));
  expect([of('queued', null), of('assigned', null), of('running', 3000), of('succeeded', 3000)]).toEqual([
    { kind: 'waits_until', atWallMs: 77 },
    { kind: 'ends_until', atWallMs: 6000 },
    { kind: 'ends_until', atWallMs: 8000 },
    null,
  ]);
});

test('deadlineOf: total deadline first -> total deadline', () => {
  const attempts = [{ attempt: 1, node_id: 'node-A', assigned_at: 1000, started_at: 3000, ended_at: null, outcome: null, error: null }];
  const of = (status: JobStatus, total_deadline_at: number) =>
    deadlineOf(appJob(jobRow({ status }), { timeout_seconds: 5, queue_deadline_at: 77, total_deadline_at, attempts }))?.atWallMs;
  expect([of('queued', 76), of('queued', 78), of('running', 7999), of('running', 8001)]).toEqual([76, 77, 7999, 8000]);
});

describe('content bytes', () => {
  test('base64 -> bytes; other text -> null', () => {
    expect([...(bytesOf('AAH/') ?? [])]).toEqual([0, 1, 255]);
    expect(bytesOf('not base64!')).toBeNull();
  });

  test.each([
    ['audio/wav', true, 'job-1.wav'],
    ['Audio/MPEG; rate=1', true, 'job-1.mp3'],
    ['audio/strange', true, 'job-1.bin'],
    ['text/html', false, 'job-1.bin'],
    ['image/png', false, 'job-1.png'],
  ])('type %s', (type, isAudioType, name) => {
    expect([isAudio(type), fileNameOf('job-1', type)]).toEqual([isAudioType, name]);
  });

  test('file name: no path separators', () => {
    expect(fileNameOf('../../x', 'audio/wav')).toBe('______x.wav');
  });
});
