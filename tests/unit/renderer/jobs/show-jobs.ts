// The Jobs page over a fake program.
import { act, screen, within } from '@testing-library/react';
import type { AppJob } from '../../../../src/shared/api/app-job';
import type { AppSnapshot } from '../../../../src/shared/api/app-state';
import { ok } from '../../../../src/shared/result';
import { jobsPage } from '../../../fixtures/app-states/jobs';
import { hosting } from '../../../fixtures/app-states/states';
import { show, type ShowOptions } from '../support/render-screen';

export const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');

export type ShowJobsOptions = ShowOptions & { readonly state?: AppSnapshot; readonly list?: object };

/** The page of a pool with these jobs. */
export function showJobs(page = 'jobs', { state = hosting(), list = jobsPage(), ...options }: ShowJobsOptions = {}) {
  return show(state, { page, answers: { 'pool.jobs': ok(list) }, ...options });
}

/** The Jobs page with this job open beside the list. */
export async function openJob(job: AppJob, options: ShowJobsOptions = {}) {
  const shown = showJobs('jobs', options);
  shown.api.answer('pool.job', ok(job));
  act(() => void (window.location.hash = `#/jobs/${job.job_id}`));
  const drawer = await screen.findByRole('region', { name: job.job_id.slice(0, 12) }, { timeout: 10_000 });
  await within(drawer).findByRole('heading', { name: new RegExp(`^${job.task.model}`) });
  return { ...shown, drawer };
}
