// Two apps, as on two computers: the first shares its pool on the network, the second joins by the link, and the first operates it.
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lanHosts } from '../../src/main/hosting/core/lan-urls';
import type { AppSnapshot, HostView } from '../../src/shared/api/app-state';
import { toJoinLink, parsePoolAddress } from '../../src/shared/api/join-link';
import { DesktopLab } from '../support/desktop-app';
import { requireDesktop } from '../support/requirements';
import { until } from '../support/until';

const { missing } = requireDesktop();
/** On a machine without a network the pool is reached over loopback. */
const [lanHost = '127.0.0.1'] = lanHosts(networkInterfaces());
let host: DesktopLab;
let guest: DesktopLab;
beforeEach(() => {
  [host, guest] = [new DesktopLab(), new DesktopLab()];
});
afterEach(async () => {
  await guest.close();
  await host.close();
});

const sharedBy = ({ host: view }: AppSnapshot): HostView | null => (view?.state === 'running' && view.scope === 'lan' ? view : null);

function localLink({ url }: HostView, lab: DesktopLab): string {
  // On the host, the owner key admits a node too.
  const token = readFileSync(path.join(lab.dataDir, 'admin-token'), 'utf8').trim();
  return toJoinLink({ host: '127.0.0.1', port: Number(new URL(url ?? '').port), secure: false, token, pin: null });
}

test.skipIf(missing)(
  'two apps: pool shared -> connection tested, joined by the link, drained and resumed by the first app, left',
  async () => {
    for (const lab of [host, guest]) lab.installModel('small-llm', 'weights');
    const first = await host.launch({ args: ['--simulate-gpu', 'RTX 4090:24'] });
    await first.waitForHero('Available');
    await first.open('Pool');
    await first.page.getByRole('button', { name: 'Share on the local network' }).click();
    const running = await until('the pool to be shared', async () => sharedBy(await first.state()), 20_000);
    const link = running.join_link ?? localLink(running, host);
    expect(parsePoolAddress(link)).toMatchObject({ ok: true, value: { host: lanHost, secure: running.join_link !== null } });
    await first.page.getByText(lanHost).first().waitFor();
    await first.screenshot('pool-shared-on-the-network');

    const second = await guest.launch({ args: ['--simulate-gpu', 'RTX 3060:12'] });
    await second.waitForHero('Available');
    await second.open('Pool');
    await second.page.getByLabel('Join link or address').fill(link.replace(/key=.{4}/, 'key=XXXX'));
    await second.page.getByRole('button', { name: 'Test connection' }).click();
    await second.page.getByText('unauthorized').first().waitFor({ state: 'attached' });
    await second.screenshot('pool-join-wrong-token');
    await second.page.getByLabel('Join link or address').fill(link);
    await second.page.getByRole('button', { name: 'Test connection' }).click();
    await second.page.getByText('Connection works. You can join.').waitFor();
    await second.screenshot('pool-join-tested');
    await second.page.getByRole('button', { name: 'Join…', exact: true }).click();
    await second.page.getByRole('dialog').getByRole('button', { name: 'Join', exact: true }).click();
    await second.open('This computer');
    const nodeId = await until(
      'the second app to be ready in the pool of the first app',
      async () => {
        const { agent, host: own } = await second.state();
        const isThere = agent?.link.state === 'connected' && agent.link.scheduler_url.includes(lanHost);
        return own?.state === 'stopped' && isThere && agent.node_status?.message.status === 'ready' ? agent.node_id : null;
      },
      20_000,
    );

    await first.open('Nodes');
    await until(
      'both nodes to be ready in the first app',
      async () => (await first.state()).nodes.map(({ status }) => status).join() === 'ready,ready',
      20_000,
    );
    await first.screenshot('nodes-of-two-computers');
    const operate = (name: 'pool.drain' | 'pool.resume') =>
      first.page.evaluate(
        ([operation, id]) =>
          (globalThis as unknown as { muster: { call(n: unknown, p: object): Promise<unknown> } }).muster.call(operation, { node_id: id }),
        [name, nodeId],
      );
    expect(await operate('pool.drain')).toMatchObject({ ok: true });
    await second.waitForHero('Paused');
    expect(await operate('pool.resume')).toMatchObject({ ok: true });
    await second.waitForHero('Available');

    // The app quits within the time in which leaving can be undone.
    await second.open('Pool');
    await second.page.getByRole('button', { name: 'Leave the pool…' }).click();
    await second.page.getByRole('dialog').getByRole('button', { name: 'Leave', exact: true }).click();
    await second.page.getByText(/^Leaving /).waitFor();
    expect(await second.quit('menu')).toBe(0);
    expect(JSON.parse(readFileSync(path.join(guest.dataDir, 'app.json'), 'utf8'))).toEqual({ mode: 'none' });
    await until('the first app to have no second node', async () => (await first.state()).nodes.every(({ node_id }) => node_id !== nodeId));
    expect(await first.quit()).toBe(0);
    expect(host.log() + guest.log()).not.toContain(/token=([^&]+)/.exec(link)?.[1]);
  },
  120_000,
);
