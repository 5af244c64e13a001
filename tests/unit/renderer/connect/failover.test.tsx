// The page Connect programs where the pool has several schedulers.
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { clusterOfThree } from '../../../fixtures/app-states/clusters';
import { SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

test('cluster -> the other addresses, and what happens when the leader fails', async () => {
  show(SITUATIONS.in_cluster(), {
    page: 'connect',
    url: 'https://atelier-1.example:7080',
    answers: { 'pool.cluster': ok(clusterOfThree()) },
  });
  expect(
    await screen.findByText(
      /: atelier-2\.example:7080, atelier-3\.example:7080\. When the leader fails, .* Meanwhile, requests wait or fail/,
    ),
  ).toBeTruthy();
});

test('page at another address of a scheduler, one of the others not seen for long -> neither is listed', async () => {
  const cluster = clusterOfThree();
  const members = cluster.members.map((one) => (one.name === 'atelier-3' ? { ...one, seen_seconds: 600 } : one));
  show(SITUATIONS.in_cluster(), {
    page: 'connect',
    url: 'https://127.0.0.1:7080',
    answers: { 'pool.cluster': ok({ ...cluster, members }) },
  });
  expect(await screen.findByText(/: atelier-2\.example:7080\. When the leader fails/)).toBeTruthy();
});

test('member of a pool with three schedulers -> the addresses that its node knows', async () => {
  show(SITUATIONS.member_of_pool(), { page: 'connect' });
  expect(await screen.findByText(/: 192\.168\.1\.21:7080, 192\.168\.1\.22:7080\. When the leader fails/)).toBeTruthy();
});

test('one scheduler -> no other address, and no request for a cluster', async () => {
  const { api } = show(SITUATIONS.scheduler_alone(), { page: 'connect' });
  await screen.findByText('Base URL');
  expect(screen.queryByText(/Other addresses of this pool/)).toBeNull();
  expect(api.calls.map(({ name }) => name)).not.toContain('pool.cluster');
});
