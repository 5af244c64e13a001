import { expect, test } from 'vitest';
import { showDashboardLink } from '../../../src/main/cli/dashboard-link';
import { fakeIo } from './fake-io';

const dashboardLink = 'http://127.0.0.1:7080/#code=secret';
const shown = (env: Record<string, string>): string => {
  const io = fakeIo(env);
  showDashboardLink(io, { dashboardLink });
  return io.written.err;
};

test('dashboard link: daemon of a person -> printed', () => {
  expect(shown({})).toBe(`Dashboard: ${dashboardLink}\n`);
});

test.each(['MUSTER_SUPERVISED', 'MUSTER_NO_DASHBOARD_LINK'])(
  'dashboard link: %s=1, where a log keeps the output -> not printed',
  (name) => {
    expect(shown({ [name]: '1' })).toBe('');
  },
);
