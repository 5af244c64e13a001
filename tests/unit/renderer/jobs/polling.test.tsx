import { act } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fail, ok } from '../../../../src/shared/result';
import { JOBS, jobsPage } from '../../../fixtures/app-states/jobs';
import { nodeView } from '../../../fixtures/app-states/nodes';
import { hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: [
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
      'Date',
      'performance',
      'requestAnimationFrame',
      'cancelAnimationFrame',
    ],
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
/** Like a click on a link, without the delay of jsdom. */
const go = (hash: string) =>
  act(() => {
    window.history.replaceState(null, '', hash);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  });

/** One group is one list. */
async function shown(page = 'jobs?status=running') {
  const screen = show(hosting(), { page, answers: { 'pool.jobs': ok(jobsPage()) } });
  await pass(0);
  const asked = (name = 'pool.jobs') => screen.api.calls.filter((call) => call.name === name).length;
  const jobsChange = (jobs: number) =>
    act(() => screen.api.emit.onEvent({ type: 'node', node: nodeView('ready', { in_flight_jobs: jobs }) }));
  return { ...screen, asked, jobsChange };
}

describe('the list', () => {
  test('refreshed every 2 s', async () => {
    const { asked } = await shown();
    expect(asked()).toBe(1);
    await pass(1999);
    expect(asked()).toBe(1);
    await pass(1);
    expect(asked()).toBe(2);
    await pass(20_000);
    expect(asked()).toBe(12);
  });

  test('jobs change -> refreshed soon, at most every 400 ms', async () => {
    const { asked, jobsChange } = await shown();
    for (let jobs = 1; jobs <= 25; jobs++) {
      jobsChange(jobs + 10);
      await pass(40);
    }
    expect(asked()).toBeGreaterThanOrEqual(3);
    expect(asked()).toBeLessThanOrEqual(4);
  });

  test('heartbeats alone -> no extra refresh', async () => {
    const { api, asked } = await shown();
    for (let beat = 0; beat < 25; beat++) {
      act(() => api.emit.onEvent({ type: 'node', node: nodeView('ready', { last_heartbeat_at: beat }) }));
      await pass(40);
    }
    expect(asked()).toBe(1);
  });

  test('page hidden or connection lost -> no requests; afterwards refreshed at once', async () => {
    const { api, asked, jobsChange } = await shown();
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    jobsChange(9);
    await pass(60_000);
    expect(asked()).toBe(1);
    visibility.mockReturnValue('visible');
    act(() => void document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
    await pass(0);
    expect(asked()).toBe(2);
    act(() => api.emit.onConnection('lost'));
    await pass(60_000);
    expect(asked()).toBe(2);
    act(() => api.emit.onConnection('open'));
    await pass(0);
    expect(asked()).toBe(3);
  });

  test('another page shown -> no requests', async () => {
    const { asked, jobsChange } = await shown();
    go('#/nodes');
    const before = asked();
    jobsChange(9);
    await pass(60_000);
    expect(asked()).toBe(before);
  });

  test('request fails -> no retries before the next interval', async () => {
    const { api, asked } = await shown();
    api.answer('pool.jobs', fail({ code: 'OVERLOADED', message: '', details: null }));
    await pass(20_000);
    expect(asked()).toBe(11);
  });

  test('slow answer -> no second request meanwhile', async () => {
    const { api, asked, jobsChange } = await shown();
    let answer: (outcome: unknown) => void = () => undefined;
    const call = api.call.bind(api);
    vi.spyOn(api, 'call').mockImplementation((name, params) => {
      if (name !== 'pool.jobs') return call(name, params);
      api.calls.push({ name, params });
      return new Promise((resolve) => (answer = resolve as typeof answer));
    });
    await pass(10_000);
    jobsChange(9);
    await pass(10_000);
    expect(asked()).toBe(2);
    answer(ok(jobsPage()));
    await pass(2000);
    expect(asked()).toBe(3);
  });
});

describe('the open job', () => {
  const { job_id } = JOBS.running;

  test('refreshed every 5 s until it ends, then not', async () => {
    const { api, asked } = await shown();
    api.answer('pool.job', ok(JOBS.running));
    go(`#/jobs/${job_id}?status=running`);
    await pass(4900);
    expect(asked('pool.job')).toBe(1);
    await pass(200);
    expect(asked('pool.job')).toBe(2);
    api.answer('pool.job', ok({ ...JOBS.done, job_id }));
    await pass(5000);
    expect(asked('pool.job')).toBe(3);
    await pass(60_000);
    expect(asked('pool.job')).toBe(3);
  });

  test('its row in the list changes -> refreshed at once', async () => {
    const { api, asked } = await shown();
    api.answer('pool.job', ok(JOBS.running));
    go(`#/jobs/${job_id}?status=running`);
    await pass(100);
    expect(asked('pool.job')).toBe(1);
    const jobs = jobsPage().jobs.map((row) => (row.job_id === job_id ? { ...row, status: 'succeeded' as const } : row));
    api.answer('pool.jobs', ok(jobsPage({ jobs })));
    api.answer('pool.job', ok({ ...JOBS.done, job_id }));
    await pass(2000);
    expect(asked('pool.job')).toBe(2);
  });

  test('other jobs change all the time -> no extra refresh', async () => {
    const { api, asked, jobsChange } = await shown();
    api.answer('pool.job', ok(JOBS.waiting));
    go(`#/jobs/${JOBS.waiting.job_id}`);
    await pass(0);
    for (let jobs = 1; jobs <= 40; jobs++) {
      jobsChange(jobs + 10);
      await pass(100);
    }
    expect(asked('pool.job')).toBe(1);
  });
});
