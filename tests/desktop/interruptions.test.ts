// Interruptions of a running app: its scheduler is killed, the computer sleeps.
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DesktopLab } from '../support/desktop-app';
import { requireDesktop } from '../support/requirements';
import { until } from '../support/until';

const { missing } = requireDesktop();
let lab: DesktopLab;
beforeEach(() => {
  lab = new DesktopLab();
  lab.installModel('small-llm', 'weights');
});
afterEach(() => lab.close());

/** The process of the hosted scheduler. */
function schedulerPid(): number {
  const pid = readdirSync('/proc').find((name) => {
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      return words.includes('scheduler') && words.includes(lab.dataDir);
    } catch {
      return false;
    }
  });
  if (pid === undefined) throw new Error('no scheduler runs');
  return Number(pid);
}

test.skipIf(missing)('hosted scheduler: killed -> restarted at the same address, this computer is the same node', async () => {
  const app = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24'] });
  await app.waitForHero('Available');
  const before = await app.state();
  process.kill(schedulerPid(), 'SIGKILL');
  await app.waitForHero(/Your pool is restarting|Reconnecting|Registering/);
  await until('the host to report the restart of the scheduler', async () => (await app.state()).host?.restarts === 1);
  await app.waitForHero('Available');
  const after = await app.state();
  expect(after.host).toMatchObject({ state: 'running', url: before.host?.url, restarts: 1, error_code: null });
  expect(after.nodes.map(({ node_id }) => node_id)).toEqual([before.agent?.node_id]);
  expect(await app.quit()).toBe(0);
});

test.skipIf(missing)('computer: suspended -> node not online at once; resumed -> node ready', async () => {
  const app = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24'] });
  await app.waitForHero('Available');
  await app.electron.evaluate(({ powerMonitor }) => powerMonitor.emit('suspend'));
  await until('the node to be not online', async () => (await app.state()).nodes.every(({ online }) => !online));
  await app.electron.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
  await app.waitForHero('Available');
  expect((await app.state()).nodes.map(({ online }) => online)).toEqual([true]);
  expect(await app.quit()).toBe(0);
});

test.skipIf(missing)('menu: has the roles for copy and paste', async () => {
  const app = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24'] });
  const roles = await app.electron.evaluate(({ Menu }) =>
    Menu.getApplicationMenu()?.items.flatMap((menu) => menu.submenu?.items.map(({ role }) => role) ?? []),
  );
  expect(roles).toEqual(expect.arrayContaining(['copy', 'paste', 'quit', 'minimize']));
  expect(await app.quit()).toBe(0);
});
