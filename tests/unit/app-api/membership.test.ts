import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ChoiceStore, firstChoice } from '../../../src/main/app-api/app-choice';
import { hostFailure } from '../../../src/main/contracts/app-errors';
import { LAB, link, nowhere, toHost, toLab, useMembership } from '../../support/membership-bench';

const { folder, setUp } = useMembership();

test('first run: hosts for this computer, agent connects to the hosted scheduler', async () => {
  const { agent, host, membership } = setUp(firstChoice(null, null));
  await membership.restore();
  expect(host.calls).toEqual([['start', 'this_computer']]);
  expect(agent.calls).toEqual([toHost]);
});

test('first choice: a configured scheduler has precedence over hosting', () => {
  expect(firstChoice('wss://lab-a:7080', 'secret')).toEqual({ mode: 'joined', address: 'wss://lab-a:7080', joinToken: 'secret' });
});

test('restore: address stored without a pin -> agent shows why it does not connect', async () => {
  const { agent, membership } = setUp(firstChoice('ws://192.168.1.20:7080', 'secret'));
  await membership.restore();
  expect(agent.calls).toEqual([['connectTo', { url: 'ws://192.168.1.20:7080', joinToken: 'secret', pin: null }]]);
});

test('host: agent moves from the joined pool to the hosted scheduler', async () => {
  const { agent, membership, store, joined } = setUp();
  await joined({ address: LAB, token: 'secret' }, LAB);
  await membership.host({ scope: 'this_computer' });
  expect(agent.calls).toEqual([toLab, toHost]);
  expect(await store.load()).toEqual({ mode: 'host', scope: 'this_computer' });
});

test('host: scheduler does not start -> nothing changed, agent stays connected', async () => {
  const { agent, host, membership, store, joined } = setUp();
  await joined({ address: LAB, token: 'secret' }, LAB);
  host.startOutcome = hostFailure('PORT_IN_USE', { port: 7080 });
  expect(await membership.host({ scope: 'lan' })).toMatchObject({ ok: false, error: { code: 'PORT_IN_USE' } });
  expect(agent.calls).toEqual([toLab]);
  expect(await store.load()).toMatchObject({ mode: 'joined' });
});

test('host: restart at another address -> agent connects there', async () => {
  const { agent, host, membership } = setUp();
  await membership.host({ scope: 'this_computer' });
  host.change({ state: 'restarting', url: null });
  host.change({ state: 'running', url: 'http://127.0.0.1:9999' });
  await Promise.resolve();
  expect(agent.calls).toEqual([toHost, ['connectTo', { url: 'ws://127.0.0.1:9999', joinToken: 'join-me' }]]);
});

test('host: restart at the same address -> agent reconnects by itself', async () => {
  const { agent, host, membership } = setUp();
  await membership.host({ scope: 'this_computer' });
  host.change({ state: 'restarting', url: null });
  host.change({ state: 'running', url: host.url });
  await Promise.resolve();
  expect(agent.calls).toEqual([toHost]);
});

test('host: opened to the LAN -> agent connects again with the token', async () => {
  const { agent, membership } = setUp();
  await membership.host({ scope: 'this_computer' });
  await membership.host({ scope: 'lan' });
  expect(agent.calls).toEqual([toHost, toHost]);
});

test('stop hosting: no pool, also at the next start', async () => {
  const before = setUp();
  await before.membership.host({ scope: 'lan' });
  await before.membership.stopHosting();
  expect(before.agent.calls).toEqual([toHost, nowhere]);
  await before.store.load();

  const after = setUp(firstChoice(null, null));
  await after.membership.restore();
  expect([after.agent.calls, after.host.calls]).toEqual([[], []]);
});

test('leave: agent disconnects and stays disconnected; while hosting -> INVALID_STATE', async () => {
  const { agent, membership, store, joined } = setUp();
  await joined({ address: LAB, token: 'secret' }, LAB);
  expect(membership.leave()).toEqual({ ok: true, value: undefined });
  expect(agent.calls).toEqual([toLab, nowhere]);
  expect(await store.load()).toEqual({ mode: 'none' });
  await membership.host({ scope: 'lan' });
  expect(membership.leave()).toMatchObject({ ok: false, error: { code: 'INVALID_STATE', details: { reason: 'hosting' } } });
});

test.each([
  ['invalid JSON', '{"mode":'],
  ['an unknown mode', '{"mode":"both"}'],
  ['an array', '[]'],
  ['a missing field', '{"mode":"host"}'],
])('stored choice: %s -> ignored and logged, file unchanged', async (_title, text) => {
  const file = path.join(folder(), 'app.json');
  await writeFile(file, text);
  const logged: string[] = [];
  const store = new ChoiceStore(file, { log: (_level, event) => logged.push(event), isEnabled: () => true });
  expect(await store.load()).toBeNull();
  expect(logged).toEqual(['app_choice_unreadable']);
  expect(await readFile(file, 'utf8')).toBe(text);
});

test('choice: write fails -> logged, choice applies', async () => {
  const logged: string[] = [];
  await writeFile(path.join(folder(), 'file'), '');
  const store = new ChoiceStore(path.join(folder(), 'file', 'app.json'), {
    log: (_level, event) => logged.push(event),
    isEnabled: () => true,
  });
  store.save({ mode: 'none' });
  expect(logged).toEqual(['app_choice_not_saved']);
});

test('owner key of the own pool replaced -> agent joins with the new key, and does not repeat a refused key', async () => {
  const { agent, membership, owner } = setUp();
  await membership.host({ scope: 'lan' });
  owner.key = 'new-key';
  for (let times = 0; times < 2; times++) {
    agent.change(link('refused', 'ws://127.0.0.1:7080'));
    await Promise.resolve();
    await Promise.resolve();
  }
  expect(agent.calls).toEqual([toHost, ['connectTo', { url: 'ws://127.0.0.1:7080', joinToken: 'new-key' }]]);
});

test('host: settings kept, also at the next start; an absent setting stays', async () => {
  const before = setUp();
  await before.membership.host({ scope: 'lan', plainHttpApi: true });
  await before.membership.host({ scope: 'lan', announce: false });
  const settings = { plainHttpApi: true, announce: false };
  expect(await before.store.load()).toEqual({ mode: 'host', scope: 'lan', ...settings });
  const after = setUp();
  await after.membership.restore();
  expect(after.host.calls).toEqual([['start', 'lan', settings]]);
});
