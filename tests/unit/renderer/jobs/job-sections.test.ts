import { expect, test } from 'vitest';
import { eachOnce, type Section } from '../../../../src/renderer/pages/jobs/job-sections';
import { jobRow } from '../../../fixtures/app-states/jobs';

const NO_JOBS = { next_cursor: null, open: { queued: 0, assigned: 0, running: 0 } };
const sectionOf = (title: Section['title'], ...ids: readonly string[]): Section => ({
  title,
  answer: {
    value: { ...NO_JOBS, jobs: ids.map((id) => jobRow({ job_id: id })) },
    error: null,
    isFetching: false,
    refetch: () => undefined,
  },
  count: null,
});
const idsOf = (sections: readonly Section[]) => sections.map(({ answer }) => answer.value?.jobs.map(({ job_id: id }) => id) ?? null);

test('a job moved on between two answers -> in its later section only', () => {
  const sections = [sectionOf('waiting', 'a', 'b'), sectionOf('running', 'b', 'c'), sectionOf('finished', 'c', 'd')];
  expect(idsOf(eachOnce(sections))).toEqual([['a'], ['b'], ['c', 'd']]);
});

test('an answer that is not there yet -> stays so', () => {
  const waiting = sectionOf('waiting', 'a');
  const sections = [{ ...waiting, answer: { ...waiting.answer, value: null } }, sectionOf('running', 'a')];
  expect(idsOf(eachOnce(sections))).toEqual([null, ['a']]);
});
