import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { NEARBY_OUTCOMES, type NearbyAttempt } from '../../../../src/shared/api/nearby';
import { isCode } from '../../../../src/renderer/i18n/use-labels';
import { SECOND } from '../../../fixtures/app-states/moment';
import { appState, hosting, SITUATIONS } from '../../../fixtures/app-states/states';
import { nearbyAttempt, nearbyView } from '../../../fixtures/app-states/trust';
import { show, type Shown } from '../support/render-screen';

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');
const card = (): HTMLElement => screen.getByRole('region', { name: 'Pools nearby' });
const showAttempt = (change: Partial<NearbyAttempt>, state = SITUATIONS.nearby()): Shown =>
  show({ ...state, nearby: nearbyView({ attempt: nearbyAttempt(change) }) }, { page: 'pool' });

describe('pools', () => {
  test('page open -> searches; a pool is chosen by its name', async () => {
    const { api } = show(SITUATIONS.nearby(), { page: 'pool' });
    expect(api.calls).toContainEqual({ name: 'nearby.browse', params: {} });
    expect(within(card()).getAllByRole('listitem').map(textOf)).toEqual([
      'Atelier6 GPUs, 14 models readyat 192.168.1.10:7080Join',
      // An older host.
      'Lab 3at [fe80::1c2d:3e4f:5a6b:7c8d]:7080Join',
    ]);
    await userEvent.click(screen.getByRole('button', { name: 'Join Atelier' }));
    expect(api.userCalls).toEqual([{ name: 'nearby.join', params: { pool_id: 'a1b2c3d4' } }]);
  });

  test('none within 10 s -> what the host must do; search again -> browses again', async () => {
    const { api, advance } = show(appState(), { page: 'pool/others' });
    expect(textOf(card())).toContain('Pools appear here when they are found.');
    expect(screen.queryByRole('button', { name: 'Search again' })).toBeNull();
    advance(10_000);
    expect(textOf(card())).toContain('The host must share its pool in the same network.');
    const before = api.calls.length;
    await userEvent.click(screen.getByRole('button', { name: 'Search again' }));
    expect(api.calls.slice(before)).toEqual([{ name: 'nearby.browse', params: {} }]);
  });

  test('program that cannot join -> no card', () => {
    show(SITUATIONS.scheduler_alone(), { page: 'pool' });
    expect(screen.queryByRole('region', { name: 'Pools nearby' })).toBeNull();
  });
});

describe('attempt', () => {
  test('connecting -> no digits, can be cancelled', async () => {
    const { api } = showAttempt({ stage: 'connecting', digits: null });
    expect(textOf(within(card()).getByRole('status'))).toBe('Connecting to Atelier at 192.168.1.10:7080…');
    await userEvent.click(within(card()).getByRole('button', { name: 'Cancel' }));
    expect(api.userCalls).toEqual([{ name: 'nearby.cancel', params: {} }]);
  });

  test.each([
    ['They are the same', true],
    ['They differ', false],
  ])('comparing: %s -> confirm %s', async (button, same) => {
    const { api, advance } = showAttempt({});
    expect(textOf(within(card()).getByRole('status'))).toBe('Compare these digits with Atelier4 8 2, 9 1 3482913');
    expect(textOf(card())).toContain('Does the host show the same digits?');
    expect(textOf(card())).toContain('The request expires in 1:42.');
    advance(2 * SECOND);
    expect(textOf(card())).toContain('The request expires in 1:40.');
    await userEvent.click(within(card()).getByRole('button', { name: button }));
    expect(api.userCalls).toEqual([{ name: 'nearby.confirm', params: { same } }]);
  });

  test('confirmed here -> digits stay, waits for the host, no second question', () => {
    showAttempt({ stage: 'waiting_for_host' });
    expect(textOf(within(card()).getByRole('status'))).toContain('Waiting for the approval of the host.');
    expect(within(card()).queryByRole('button', { name: 'They are the same' })).toBeNull();
  });

  test.each([
    ['host of a pool', hosting(), 'Your own pool stops when this computer has joined Atelier.'],
    ['member of a pool', appState(), 'This computer stays in its current pool until it has joined Atelier.'],
  ])('comparing, %s -> until when the current pool stays', (_who, state, text) => {
    showAttempt({}, state);
    expect(textOf(card())).toContain(text);
  });

  test('joined -> said once, list again', () => {
    showAttempt({ stage: 'joined', digits: null, expires_at: null });
    expect(textOf(within(card()).getByRole('status'))).toBe('This computer joined Atelier.');
    expect(within(card()).getByRole('list')).toBeTruthy();
  });

  test('an attempt on the card follows the state', () => {
    const { api } = show(SITUATIONS.nearby(), { page: 'pool' });
    act(() => api.emit.onEvent({ type: 'nearby', nearby: nearbyView({ attempt: nearbyAttempt() }) }));
    expect(textOf(card())).toContain('Does the host show the same digits?');
  });
});

describe('failed', () => {
  test('every outcome: a text with the next step', () => {
    expect(NEARBY_OUTCOMES.filter((outcome) => !isCode('nearby_outcome', outcome))).toEqual([]);
  });

  test.each([
    ['busy', { retry_after_seconds: 95 }, 'The host takes no more requests now. Try again in 1:35.DetailsbusyCopy'],
    ['different', {}, 'The digits differ, so nothing was sent.'],
    ['failed', { cause: 'ECONNREFUSED' }, 'or use a join link.DetailsECONNREFUSEDCopy'],
  ] as const)('%s -> alert, pools to try again', (outcome, change, text) => {
    showAttempt({ stage: 'ended', digits: null, expires_at: null, outcome, ...change });
    const alert = within(card()).getByRole('alert');
    expect(textOf(alert)).toContain('Not joined: Atelier');
    expect(textOf(alert)).toContain(text);
    expect(screen.getByRole('button', { name: 'Join Atelier' })).toBeTruthy();
  });

  test('cancelled here -> no alert', () => {
    showAttempt({ stage: 'ended', digits: null, expires_at: null, outcome: 'cancelled' });
    expect(within(card()).queryByRole('alert')).toBeNull();
    expect(textOf(card())).toContain('You ended the attempt. Nothing was sent.');
  });
});
