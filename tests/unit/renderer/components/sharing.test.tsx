// The control of the owner in the hero and at the foot of the rail: what it sends, and what it shows.
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import { sharingChoiceOf } from '../../../../src/shared/api/sharing-choice';
import { tomorrowWallMs } from '../../../../src/shared/api/pause-times';
import { fail, ok } from '../../../../src/shared/result';
import { reconnecting } from '../../../fixtures/app-states/agents';
import { HOUR, NOW } from '../../../fixtures/app-states/moment';
import { agentPause, pausedNode } from '../../../fixtures/app-states/pauses';
import { appState, SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const control = () => screen.getByRole('group', { name: 'Sharing' });
const rail = () => screen.getByRole('region', { name: 'This computer' });
const sharingSwitch = () => within(rail()).getByRole('switch', { name: 'Share this computer' });
const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');
const pressed = (): (string | null)[] =>
  within(control())
    .getAllByRole('button', { pressed: true })
    .map(({ textContent }) => textContent);

describe('control', () => {
  test.each([
    ['shares', SITUATIONS.ready(), 'Share'],
    ['stops after its jobs', SITUATIONS.stopping_after_jobs(), 'Stop after current jobs'],
    ['paused by the owner, no job runs any more', SITUATIONS.paused_by_owner(), 'Pause'],
    ['paused until a time', SITUATIONS.paused_until(), 'Pause'],
    ['paused by a rule', SITUATIONS.paused_by_full_screen(), 'Pause'],
  ])('%s -> this choice is shown', (_case, state, chosen) => {
    show(state, { page: 'computer' });
    expect(pressed()).toEqual([chosen]);
  });

  test('stop after current jobs -> paused without an end, jobs finish', async () => {
    const { api } = show(SITUATIONS.ready(), { page: 'computer' });
    await userEvent.click(within(control()).getByRole('button', { name: 'Stop after current jobs' }));
    expect(api.userCalls).toEqual([{ name: 'agent.pause', params: { until_ms: null, running_jobs: 'finish' } }]);
  });

  test('share -> resumed', async () => {
    const { api } = show(SITUATIONS.paused_by_full_screen(), { page: 'computer' });
    await userEvent.click(within(control()).getByRole('button', { name: 'Share' }));
    expect(api.userCalls).toEqual([{ name: 'agent.resume', params: {} }]);
  });

  test.each([
    ['For 1 hour', NOW + HOUR],
    ['Until tomorrow, 08:00', tomorrowWallMs(NOW)],
    ['Until I resume', null],
  ])('pause, %s -> this end', async (name, until) => {
    const { api } = show(SITUATIONS.ready(), { page: 'computer' });
    await userEvent.click(within(control()).getByRole('button', { name: 'Pause' }));
    await userEvent.click(await screen.findByRole('menuitem', { name }));
    expect(api.userCalls).toEqual([{ name: 'agent.pause', params: { until_ms: until, running_jobs: 'finish' } }]);
  });

  test('undo of a pause -> resumed', async () => {
    const { api } = show(SITUATIONS.ready(), { page: 'computer' });
    api.answer('agent.pause', ok(null));
    api.answer('agent.resume', ok(null));
    await userEvent.click(within(control()).getByRole('button', { name: 'Stop after current jobs' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    expect(api.userCalls.map(({ name }) => name)).toEqual(['agent.pause', 'agent.resume']);
    // The undo offers no undo.
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
  });

  test('undo of resuming -> the pause of before', async () => {
    const { api } = show(SITUATIONS.paused_until(), { page: 'computer' });
    api.answer('agent.pause', ok(null));
    api.answer('agent.resume', ok(null));
    await userEvent.click(within(control()).getByRole('button', { name: 'Share' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    expect(api.userCalls.map(({ name }) => name)).toEqual(['agent.resume', 'agent.pause']);
    expect(api.userCalls[1]?.params).toMatchObject({ running_jobs: 'move' });
  });

  test('running jobs move -> chosen in the menu, then sent', async () => {
    const { api } = show(SITUATIONS.ready(), { page: 'computer' });
    await userEvent.click(within(control()).getByRole('button', { name: 'Pause' }));
    await userEvent.click(await screen.findByRole('menuitemradio', { name: 'Move to other computers' }));
    expect(screen.getByRole('menuitemradio', { checked: true }).textContent).toBe('Move to other computers');
    await userEvent.click(screen.getByRole('menuitem', { name: 'Until I resume' }));
    expect(api.userCalls).toEqual([{ name: 'agent.pause', params: { until_ms: null, running_jobs: 'move' } }]);
  });
});

describe('switch', () => {
  test('off -> paused until resumed; on -> resumed', async () => {
    const { api } = show(SITUATIONS.ready(), { page: 'computer' });
    expect((sharingSwitch() as HTMLInputElement).checked).toBe(true);
    await userEvent.click(sharingSwitch());
    expect(api.userCalls).toEqual([{ name: 'agent.pause', params: { until_ms: null, running_jobs: 'finish' } }]);
  });

  test('Space -> the focus stays while the change is made; a second press changes nothing', async () => {
    const { api } = show(SITUATIONS.ready(), { page: 'computer' });
    const call = vi.spyOn(api, 'call').mockReturnValue(new Promise(() => undefined));
    const own = sharingSwitch() as HTMLInputElement;
    own.focus();
    await userEvent.keyboard('  ');
    expect(call.mock.calls.filter(([name]) => name === 'agent.pause')).toHaveLength(1);
    expect([document.activeElement === own, own.disabled, own.getAttribute('aria-disabled')]).toEqual([true, false, 'true']);
  });

  test('paused -> off, with the reason; on -> resumed', async () => {
    const { api } = show(SITUATIONS.paused_by_full_screen(), { page: 'computer' });
    expect(textOf(rail())).toContain('PausedFull-screen program (Factorio)');
    await userEvent.click(sharingSwitch());
    expect(api.userCalls).toEqual([{ name: 'agent.resume', params: {} }]);
  });

  test('no connection -> the pause is shown, and can be changed', async () => {
    const state = appState();
    const agent = state.agent === null ? null : { ...state.agent, link: reconnecting, pause: agentPause({ code: 'owner' }) };
    const { api } = show({ ...state, agent }, { page: 'computer' });
    expect(textOf(rail())).toContain('Until you resume');
    await userEvent.click(sharingSwitch());
    expect(api.userCalls).toEqual([{ name: 'agent.resume', params: {} }]);
  });

  test.each([
    ['in no pool', SITUATIONS.first_run(), 'This computer is in no pool, so it shares nothing.'],
    ['own pool failed', SITUATIONS.host_stopped(), 'Your pool stopped, so this computer shares nothing.'],
    ['own pool restarts', SITUATIONS.host_failed(), 'Your pool restarts. Until it runs, this computer shares nothing.'],
    ['refused by the pool', SITUATIONS.id_conflict(), 'The pool refuses this computer, so it shares nothing.'],
  ])('%s -> off and disabled, with the reason; no pause offered', (_case, state, reason) => {
    show(state, { page: 'computer' });
    const own = sharingSwitch() as HTMLInputElement;
    expect([own.checked, own.disabled]).toEqual([false, true]);
    expect(own.getAttribute('aria-description')).toBe(reason);
    expect(within(rail()).queryByRole('button', { name: 'Pause for how long' })).toBeNull();
  });

  test.each([
    ['in no pool', SITUATIONS.first_run_no_gpu(), 'No GPU to share. This computer can host or use a pool.'],
    ['in a pool', SITUATIONS.no_gpu(), 'This computer can use the GPUs of the pool.'],
  ])('no GPU to share, %s -> no switch; the foot of the rail says what this computer can do', (_case, state, note) => {
    show(state, { page: 'computer' });
    expect(within(rail()).queryByRole('switch')).toBeNull();
    expect(textOf(rail())).toContain(note);
  });

  test('operation fails -> the error is shown', async () => {
    const { api } = show(SITUATIONS.ready(), { page: 'computer' });
    api.answer('agent.pause', fail({ code: 'INVALID_REQUEST', message: 'm', details: { field: 'until_ms', reason: 'in_the_past' } }));
    await userEvent.click(sharingSwitch());
    expect(textOf(within(rail()).getByRole('alert'))).toContain('Choose an end of the pause in the future.');
  });
});

test('choice: several causes, jobs that move, or no job left -> pause', () => {
  const owner = agentPause({ code: 'owner' });
  expect([
    sharingChoiceOf(null, 1),
    sharingChoiceOf(owner, 1),
    sharingChoiceOf(owner, 0),
    sharingChoiceOf({ ...owner, running_jobs: 'move' }, 1),
    sharingChoiceOf({ ...owner, causes: [...owner.causes, ...agentPause({ code: 'battery' }).causes] }, 1),
  ]).toEqual(['share', 'stop', 'pause', 'pause', 'pause']);
});

test('paused node in the list -> reason in its row; in its drawer the lines, and a drain but no resume', async () => {
  const state = SITUATIONS.paused_by_full_screen();
  show({ ...state, nodes: [pausedNode('gaming-pc', { code: 'full_screen', detail: 'Factorio' })] }, { page: 'nodes/node-gaming-pc' });
  const drawer = await screen.findByRole('dialog');
  expect(textOf(drawer)).toContain('Paused by its owner: full-screen program (Factorio).');
  expect(textOf(drawer)).toContain('Only the owner can resume the node.');
  expect(within(drawer).queryByRole('button', { name: 'Resume' })).toBeNull();
  expect(within(drawer).getByRole('button', { name: 'Drain…' })).toBeTruthy();
  expect(textOf(screen.getByRole('main'))).toContain('Full-screen program (Factorio)');
});
