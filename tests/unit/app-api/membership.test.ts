import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AppChoice, ChoiceStore, firstChoice } from '../../../src/main/app-api/app-choice';
import { Membership } from '../../../src/main/app-api/membership';
import { silentLogger } from '../../../src/main/platform/logger';
import { hostFailure } from '../../../src/main/contracts/app-errors';
import { FakeAgent, FakeHost } from '../../support/app-fakes';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'muster-membership-'));
});
afterEach(() => rm(folder, { recursive: true }));

function setUp(first: AppChoice = { mode: 'none' }) {
  const file = path.join(folder, 'app.json');
  const [agent, host, store] = [new FakeAgent(), new FakeHost(), new ChoiceStore(file, silentLogger)];
  const membership = new Membership({ agent, host, store, first, readJoinToken: () => Promise.resolve('join-me') });
  return { file, agent, host, store, membership };
}

const toHost = ['connectTo', { url: 'ws://127.0.0.1:7080', joinToken: 'join-me' }];
const toLab = ['connectTo', { url: 'ws://lab-a:7080', joinToken: 'secret' }];
const nowhere = ['connectTo', null];

test('a first run hosts for this computer, and this machine joins it', async () => {
  const { agent, host, membership } = setUp(firstChoice(null, null));
  await membership.restore();
  expect(host.calls).toEqual([['start', 'this_computer']]);
  expect(agent.calls).toEqual([toHost]);
});

test('a scheduler named in the configuration goes before hosting', () => {
  expect(firstChoice('ws://lab-a:7080', 'secret')).toEqual({ mode: 'joined', address: 'ws://lab-a:7080', join_token: 'secret' });
});

test('joining keeps address and token for the next start, in a file of the owner alone', async () => {
  const before = setUp();
  expect(await before.membership.join({ address: 'muster://lab-a:7080/join#token=secret' })).toEqual({ ok: true, value: {} });
  expect(before.agent.calls).toEqual([toLab]);
  expect(await before.store.load()).toEqual({ mode: 'joined', address: 'ws://lab-a:7080', join_token: 'secret' });
  expect((await stat(before.file)).mode & 0o777).toBe(0o600);

  const after = setUp(firstChoice(null, null));
  await after.membership.restore();
  expect(after.agent.calls).toEqual([toLab]);
  expect(after.host.calls).toEqual([]);
});

test('a token given beside a link goes before the one inside', async () => {
  const { agent, membership } = setUp();
  await membership.join({ address: 'muster://lab-a/join#token=old', token: 'secret' });
  expect(agent.calls).toEqual([toLab]);
});

test('an address that is none is refused by its field, and nothing changes', async () => {
  const { agent, host, membership, store } = setUp();
  expect(await membership.join({ address: 'lab a' })).toMatchObject({
    ok: false,
    error: { code: 'INVALID_REQUEST', details: { field: 'address', reason: 'host_invalid' } },
  });
  expect([agent.calls, host.calls, await store.load()]).toEqual([[], [], null]);
});

test('joining elsewhere stops hosting first', async () => {
  const { agent, host, membership, store } = setUp();
  await membership.host('lan');
  await membership.join({ address: 'lab-a', token: 'secret' });
  expect(host.calls).toEqual([['start', 'lan'], ['stop']]);
  expect(agent.calls).toEqual([toHost, nowhere, toLab]);
  expect(await store.load()).toMatchObject({ mode: 'joined' });
});

test('hosting takes the agent along from where it was', async () => {
  const { agent, membership, store } = setUp();
  await membership.join({ address: 'lab-a', token: 'secret' });
  await membership.host('this_computer');
  expect(agent.calls).toEqual([toLab, toHost]);
  expect(await store.load()).toEqual({ mode: 'host', scope: 'this_computer' });
});

test('a host that does not start changes nothing: the agent stays where it is', async () => {
  const { agent, host, membership, store } = setUp();
  await membership.join({ address: 'lab-a', token: 'secret' });
  host.startOutcome = hostFailure('PORT_IN_USE', { port: 7080 });
  expect(await membership.host('lan')).toMatchObject({ ok: false, error: { code: 'PORT_IN_USE' } });
  expect(agent.calls).toEqual([toLab]);
  expect(await store.load()).toMatchObject({ mode: 'joined' });
});

test('a hosted scheduler that comes back under another address is followed', async () => {
  const { agent, host, membership } = setUp();
  await membership.host('this_computer');
  host.change({ state: 'restarting', url: null });
  host.change({ state: 'running', url: 'http://127.0.0.1:9999' });
  await Promise.resolve();
  expect(agent.calls).toEqual([toHost, ['connectTo', { url: 'ws://127.0.0.1:9999', joinToken: 'join-me' }]]);
});

test('under its old address it is left to the agent to come back', async () => {
  const { agent, host, membership } = setUp();
  await membership.host('this_computer');
  host.change({ state: 'restarting', url: null });
  host.change({ state: 'running', url: host.url });
  await Promise.resolve();
  expect(agent.calls).toEqual([toHost]);
});

test('opening the hosted pool to the LAN sends the agent there again, since it asks for a token now', async () => {
  const { agent, membership } = setUp();
  await membership.host('this_computer');
  await membership.host('lan');
  expect(agent.calls).toEqual([toHost, toHost]);
});

test('stopping to host leaves this machine in no pool, also at the next start', async () => {
  const before = setUp();
  await before.membership.host('lan');
  await before.membership.stopHosting();
  expect(before.agent.calls).toEqual([toHost, nowhere]);
  await before.store.load();

  const after = setUp(firstChoice(null, null));
  await after.membership.restore();
  expect([after.agent.calls, after.host.calls]).toEqual([[], []]);
});

test('leaving a pool says goodbye and stays away; whoever hosts cannot leave its own', async () => {
  const { agent, membership, store } = setUp();
  await membership.join({ address: 'lab-a', token: 'secret' });
  expect(membership.leave()).toEqual({ ok: true, value: {} });
  expect(agent.calls).toEqual([toLab, nowhere]);
  expect(await store.load()).toEqual({ mode: 'none' });
  await membership.host('lan');
  expect(membership.leave()).toMatchObject({ ok: false, error: { code: 'INVALID_STATE', details: { reason: 'hosting' } } });
});

test.each([
  ['no JSON', '{"mode":'],
  ['another mode', '{"mode":"both"}'],
  ['no object', '[]'],
  ['a missing field', '{"mode":"host"}'],
])('a stored choice of %s counts as none, is logged with its place and stays as it is', async (_title, text) => {
  const file = path.join(folder, 'app.json');
  await writeFile(file, text);
  const logged: string[] = [];
  const store = new ChoiceStore(file, { log: (_level, event) => logged.push(event), isEnabled: () => true });
  expect(await store.load()).toBeNull();
  expect(logged).toEqual(['app_choice_unreadable']);
  expect(await readFile(file, 'utf8')).toBe(text);
});

test('a choice that cannot be kept is logged, and no reason to refuse it', async () => {
  const logged: string[] = [];
  await writeFile(path.join(folder, 'file'), '');
  const store = new ChoiceStore(path.join(folder, 'file', 'app.json'), {
    log: (_level, event) => logged.push(event),
    isEnabled: () => true,
  });
  store.save({ mode: 'none' });
  expect(logged).toEqual(['app_choice_not_saved']);
});
