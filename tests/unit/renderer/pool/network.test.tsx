import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { isCode } from '../../../../src/renderer/i18n/use-labels';
import { INTERFACE_USES, NETWORK_PROBLEMS } from '../../../../src/shared/api/network-report';
import { fail, ok } from '../../../../src/shared/result';
import { SITUATIONS } from '../../../fixtures/app-states/states';
import { goodNetwork, networkReport } from '../../../fixtures/app-states/trust';
import { show } from '../support/render-screen';

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');
const card = (): HTMLElement => screen.getByRole('region', { name: 'Network' });
const check = () => userEvent.click(screen.getByRole('button', { name: 'Check the network' }));

test('every problem and every use of an interface has a text', () => {
  expect(NETWORK_PROBLEMS.filter((problem) => !isCode('network_problem', problem))).toEqual([]);
  expect(INTERFACE_USES.filter((use) => !isCode('interface_use', use))).toEqual([]);
});

describe('check', () => {
  test('nothing is checked before the button was pressed', () => {
    const { api } = show(SITUATIONS.nearby(), { page: 'pool' });
    expect(api.userCalls).toEqual([]);
    expect(within(card()).queryByRole('list')).toBeNull();
  });

  test('problems first, with the commands to copy; then every finding', async () => {
    show(SITUATIONS.nearby(), { page: 'pool', answers: { 'doctor.network': ok(networkReport()) } });
    await check();
    const problems = within(await screen.findByRole('list', { name: 'Problems' })).getAllByRole('listitem');
    expect(problems.map(textOf)).toEqual([
      expect.stringContaining('The access point may isolate its clients'),
      expect.stringContaining('sudo ufw allow 7080/tcp'),
      expect.stringContaining('A VPN is connected'),
    ]);
    expect(textOf(problems[1] as HTMLElement)).toContain('sudo ufw allow 5353/udp');
    const findings = within(screen.getByRole('list', { name: 'Checks' }))
      .getAllByRole('listitem')
      .map(textOf);
    expect(findings).toEqual([
      'Interface enp5s0used for finding pools192.168.1.20 fe80::1c2d:3e4f',
      'Interface docker0not used: virtual172.17.0.1',
      'Interface tailscale0not used: VPN100.64.0.7',
      'Multicast on enp5s0heard no other computer',
      'Firewall ufwblocks Muster',
      'Port 7080open on this computer',
    ]);
    expect(textOf(card())).toContain('in 3.1 s');
  });

  test('no problem -> said; pools that were heard are listed', async () => {
    show(SITUATIONS.nearby(), { page: 'pool', answers: { 'doctor.network': ok(goodNetwork()) } });
    await check();
    expect(await screen.findByText('No problem found.')).toBeTruthy();
    expect(textOf(card())).toContain('Multicast on enp5s0heard 2 other computers');
    expect(textOf(card())).toContain('Pool Atelierfound192.168.1.10:7080');
  });

  test('two pools with one name, an IPv6 address -> both listed', async () => {
    const [pool] = goodNetwork().pools;
    const pools = pool === undefined ? [] : [pool, { ...pool, id: 'b2c3d4e5', addresses: ['fe80::1'] }];
    const report = { ...goodNetwork(), pools };
    show(SITUATIONS.nearby(), { page: 'pool', answers: { 'doctor.network': ok(report) } });
    await check();
    await screen.findByText('No problem found.');
    expect(textOf(card())).toContain('Pool Atelierfound192.168.1.10:7080');
    expect(textOf(card())).toContain('Pool Atelierfound[fe80::1]:7080');
  });

  test('refused -> reason', async () => {
    show(SITUATIONS.nearby(), { page: 'pool', answers: { 'doctor.network': fail({ code: 'FORBIDDEN', message: '', details: null }) } });
    await check();
    expect(textOf(await within(card()).findByRole('alert'))).toContain('FORBIDDEN');
  });
});
