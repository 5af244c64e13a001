import { act } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { JOBS, jobsPage } from '../../../fixtures/app-states/jobs';
import { nodeView } from '../../../fixtures/app-states/nodes';
import { hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'requestAnimationFrame', 'cancelAnimationFrame'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
/** As a press on a link; told at once, where jsdom would tell a while later. */
const go = (hash: string) =>
  act(() => {
    window.history.replaceState(null, '', hash);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  });

async function shown(page = 'jobs') {
  const screen = show(hosting(), { page, answers: { 'pool.jobs': ok(jobsPage()) } });
  await pass(0);
  const asked = (name = 'pool.jobs') => screen.api.calls.filter((call) => call.name === name).length;
  return { ...screen, asked };
}

test('the list is asked for again two seconds after each answer', async () => {
  const { asked } = await shown();
  expect(asked()).toBe(1);
  await pass(1999);
  expect(asked()).toBe(1);
  await pass(1);
  expect(asked()).toBe(2);
  await pass(20_000);
  expect(asked()).toBe(12);
});

test('news of the pool make it ask soon, and a burst of them at most every 400 ms', async () => {
  const { api, asked } = await shown();
  for (let count = 0; count < 25; count++) {
    act(() => api.tell.onEvent({ type: 'node', node: nodeView('ready', { in_flight_jobs: count }) }));
    await pass(40);
  }
  expect(asked()).toBeGreaterThanOrEqual(3);
  expect(asked()).toBeLessThanOrEqual(4);
});

test('nothing is asked while nobody can see it, nor while the way is down; it goes on after that', async () => {
  const { api, asked } = await shown();
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  await pass(60_000);
  expect(asked()).toBe(1);
  hidden.mockReturnValue(false);
  await act(() => Promise.resolve(document.dispatchEvent(new Event('visibilitychange'))));
  expect(asked()).toBe(2);
  act(() => api.tell.onConnection('lost'));
  await pass(60_000);
  expect(asked()).toBe(2);
  act(() => api.tell.onConnection('open'));
  await pass(0);
  expect(asked()).toBe(3);
});

test('in another page it costs nothing', async () => {
  const { api, asked } = await shown();
  go('#/nodes');
  const before = asked();
  act(() => api.tell.onEvent({ type: 'node', node: nodeView('ready', { in_flight_jobs: 9 }) }));
  await pass(60_000);
  expect(asked()).toBe(before);
});

test('a job is asked for each second while it goes on, and not any more when it has ended', async () => {
  const { api, asked } = await shown();
  api.answer('pool.job', ok(JOBS.running));
  go(`#/jobs/${JOBS.running.job_id}`);
  await pass(5000);
  expect(asked('pool.job')).toBeGreaterThanOrEqual(5);
  api.answer('pool.job', ok({ ...JOBS.done, job_id: JOBS.running.job_id }));
  await pass(2000);
  const before = asked('pool.job');
  await pass(60_000);
  expect(asked('pool.job')).toBe(before);
});
