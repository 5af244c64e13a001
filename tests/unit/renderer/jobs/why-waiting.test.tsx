import { within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { explain } from '../../../fixtures/app-states/explained';
import { jobsPage } from '../../../fixtures/app-states/jobs';
import { mixedPool } from '../../../fixtures/app-states/mixed-pool';
import { hosting } from '../../../fixtures/app-states/states';
import { LARGE_JOBS } from '../../../fixtures/app-states/waiting-jobs';
import { openJob, textOf } from './show-jobs';

const nodes = mixedPool();

test.each([
  ['no node can take it -> every node', LARGE_JOBS.noModel, 'Why no node takes the job 48 nodes, by the first reason.'],
  ['a free node could take it -> the others', LARGE_JOBS.held, 'Nodes that cannot take the job 47 nodes, by the first reason.'],
] as const)('reasons of a waiting job, %s', async (_what, job, heading) => {
  const explanation = explain(nodes, { required_models: [job.task.model], grouped: true });
  const answers = { 'pool.jobs': ok(jobsPage()), 'pool.explain': ok(explanation) };
  const { drawer } = await openJob(job, { state: hosting({ nodes }), answers });
  expect(textOf(await within(drawer).findByRole('heading', { name: /by the first reason/ }))).toBe(heading);
});
