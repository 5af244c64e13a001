// Two apps with real windows on two hosts of a network with real multicast: one shares its pool, the other finds and joins it by digits.
// The test clicks in both windows at once, so the measured time has no time of people.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DesktopLab } from '../support/desktop-app';
import { NetLab } from '../support/net-lab';
import { requireDesktop, requireNamespaces } from '../support/requirements';
import { until } from '../support/until';

const missing = requireDesktop().missing ?? requireNamespaces().missing;
const HOSTS = { annas: '10.77.0.2/24', bens: '10.77.0.3/24' };
/** From opening "nearby" to Ready, without the time that people take. */
const TO_READY_LIMIT_MS = 20_000;
/** All intervals of the node's health are the defaults, as for a user: they decide how soon a node is ready. */
const CONFIG = `[server]
port = 0
[scheduler.load_balancer]
resource_threshold = 100
`;

let net: NetLab;
let anna: DesktopLab;
let ben: DesktopLab;
beforeEach(async () => {
  net = await NetLab.open();
  net.switch('lan');
  for (const [host, address] of Object.entries(HOSTS)) {
    net.host(host);
    net.cable(host, 'lan', 'eth0', address);
  }
  [anna, ben] = [new DesktopLab(net.argv('annas', [])), new DesktopLab(net.argv('bens', []))];
});
afterEach(async () => {
  // Ends every process in the namespaces.
  await net.close();
  await anna.close();
  await ben.close();
});

test.skipIf(missing)(
  'two windows: shared pool found by multicast, same digits on both, both confirm -> ready within 20 s; own pool ended',
  async () => {
    for (const lab of [anna, ben]) {
      lab.configure(CONFIG);
      lab.installModel('small-llm', 'weights');
    }
    const options = { env: { MUSTER_SERVER_ANNOUNCE: 'true' } };
    const host = await anna.launch({ ...options, args: ['--simulate-gpu', 'RTX 4090:24'] });
    await host.waitForHero('Available', 60_000);
    await host.open('Pool');
    await host.page.getByRole('button', { name: 'Share on the local network' }).click();
    await until(
      'the shared pool',
      async () => (await host.state()).host?.scope === 'lan' && (await host.state()).host?.state === 'running',
      20_000,
    );
    const newcomer = await ben.launch({ ...options, args: ['--simulate-gpu', 'RTX 3060:12'] });
    await newcomer.waitForHero('Available', 60_000);

    const openedAtMonotonicMs = performance.now();
    await newcomer.open('Pool');
    await newcomer.page.getByRole('button', { name: /^Join / }).click();
    await newcomer.page.getByText('Does the host show the same digits?').waitFor();
    const digits = (await newcomer.state()).nearby?.attempt?.digits ?? 'none';
    const spelled = [digits.slice(0, 3), digits.slice(3)].map((group) => Array.from(group).join(' ')).join(', ');
    await newcomer.page.getByText(spelled).waitFor({ state: 'attached' });
    const dialog = host.page.getByRole('dialog');
    await dialog.getByText(spelled).waitFor({ state: 'attached' });
    expect(await dialog.textContent()).toContain('10.77.0.3');
    await dialog.getByRole('button', { name: 'Digits match, approve' }).click();
    await newcomer.page.getByRole('button', { name: 'They are the same' }).click();
    await until(
      'the newcomer to be ready in the pool',
      async () => {
        const { agent, nearby } = await newcomer.state();
        if (agent?.link.state !== 'connected' || !agent.link.scheduler_url.includes('10.77.0.2')) return false;
        // The view keeps the status of the own pool until the new one sends its own.
        const isReady = agent.node_status?.message.status === 'ready' && agent.node_status.received_at >= agent.link.since;
        const atHost = (await host.state()).nodes.filter(({ status }) => status === 'ready');
        return nearby?.attempt?.stage === 'joined' && isReady && atHost.length === 2;
      },
      60_000,
    );
    const tookMs = performance.now() - openedAtMonotonicMs;
    process.stdout.write(`from opening nearby to ready: ${String(Math.round(tookMs))} ms\n`);
    expect(tookMs).toBeLessThan(TO_READY_LIMIT_MS);
    await until('the own pool to end', async () => (await newcomer.state()).host?.state === 'stopped');
    expect((await host.state()).join_requests).toEqual([]);

    expect(await newcomer.quit()).toBe(0);
    const again = await ben.launch({ ...options, args: ['--simulate-gpu', 'RTX 3060:12'] });
    await until(
      'the pool to be kept after a restart',
      async () => {
        const { agent } = await again.state();
        return agent?.link.state === 'connected' && agent.link.scheduler_url.includes('10.77.0.2');
      },
      20_000,
    );
    expect(await again.quit()).toBe(0);
    expect(await host.quit()).toBe(0);
    expect(anna.log() + ben.log()).not.toContain(digits);
  },
  180_000,
);
