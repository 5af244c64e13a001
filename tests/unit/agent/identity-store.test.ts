import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IdentityStore } from '../../../src/main/agent/identity-store';

let folder: string;
let file: string;
let lines: string[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-identity-'));
  file = path.join(folder, 'state', 'identity.json');
  lines = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const open = (fingerprint = 'machine a') =>
  new IdentityStore({
    file,
    fingerprint,
    logger: { log: (level, event, fields) => lines.push(JSON.stringify([level, event, fields])), isEnabled: () => true },
  });
const one = { nodeId: 'node-1', nodeToken: 'secret-1' };
const two = { nodeId: 'node-2', nodeToken: 'secret-2' };

test('identity: stored per scheduler, across restarts, mode 0600', () => {
  const store = open();
  expect(store.get('ws://a')).toBeNull();
  store.save('ws://a', one);
  store.save('ws://b', two);
  const again = open();
  expect([again.get('ws://a'), again.get('ws://b'), again.get('ws://c')]).toEqual([one, two, null]);
  expect(readdirSync(path.dirname(file))).toEqual(['identity.json']);
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('identity: whether the scheduler proves the token is stored; unknown in a file of an earlier version', () => {
  const store = open();
  store.save('ws://a', { ...one, provesToken: true });
  store.save('ws://b', { ...two, provesToken: false });
  store.save('ws://c', one);
  expect(['ws://a', 'ws://b', 'ws://c'].map((url) => open().get(url)?.provesToken)).toEqual([true, false, undefined]);
  store.save('ws://c', { ...one, provesToken: true });
  expect(open().get('ws://c')).toEqual({ ...one, provesToken: true });
});

test('identity: deleted -> removed from the file, others stay', () => {
  const store = open();
  store.save('ws://a', one);
  store.save('ws://b', two);
  store.delete('ws://a');
  expect([open().get('ws://a'), open().get('ws://b')]).toEqual([null, two]);
});

test('credential: stored per scheduler, outlives the node id', () => {
  const store = open();
  store.save('ws://a', one);
  store.saveCredential('ws://a', null, 'mn_1');
  store.saveCredential('ws://a', null, 'mn_2');
  store.delete('ws://a');
  expect([open().credential('ws://a', null), open().credential('ws://b', null), open().get('ws://a')]).toEqual(['mn_2', null, null]);
  expect(open('machine b').credential('ws://a', null)).toBeNull();
});

test('nonce of joining: one for each invitation, the same after a restart; another machine has others', () => {
  const nonces = (store: IdentityStore): readonly string[] => [store.joinNonce('mi_1'), store.joinNonce('mi_2')];
  const [first, second] = nonces(open());
  expect(first).toMatch(/^[\w-]{43}$/);
  expect(second).not.toBe(first);
  expect(nonces(open())).toEqual([first, second]);
  expect(readFileSync(file, 'utf8')).not.toContain('mi_1');
  expect(nonces(open('machine b'))).not.toContain(first);
});

test('pool moves, another pool at its old address -> the same identity and credential at the new address; renewed there', () => {
  const store = open();
  store.saveAuthority('wss://old', 'pin-1', 'ca-1');
  store.save('wss://old', one);
  store.saveCredential('wss://old', 'pin-1', 'mn_1');
  store.forgetAuthority('wss://old');
  const again = open();
  expect([again.get('wss://new', 'pin-1'), again.credential('wss://new', 'pin-1')]).toEqual([one, 'mn_1']);
  expect([again.authority('wss://old', 'pin-1'), again.credential('wss://old', 'pin-2')]).toEqual([null, null]);
  again.saveCredential('wss://new', 'pin-1', 'mn_2');
  expect([open().credential('wss://old', 'pin-1'), open().credential('wss://new', 'pin-1')]).toEqual(['mn_2', 'mn_2']);
});

test('credential: another pin at the same address -> another pool, no credential; CA and identity stay', () => {
  const store = open();
  store.save('wss://a', one);
  store.saveAuthority('wss://a', 'pin-1', 'ca-1');
  store.saveCredential('wss://a', 'pin-1', 'mn_1');
  const again = open();
  expect([again.credential('wss://a', 'pin-1'), again.credential('wss://a', 'pin-2'), again.credential('wss://a', null)]).toEqual([
    'mn_1',
    null,
    null,
  ]);
  expect([again.authority('wss://a', 'pin-1'), again.get('wss://a')]).toEqual(['ca-1', one]);
});

test('identity: unchanged -> file not written', () => {
  const store = open();
  store.save('ws://a', one);
  rmSync(file);
  store.save('ws://a', one);
  expect(existsSync(file)).toBe(false);
});

test('identity: more than 16 schedulers -> the 16 used last are kept', () => {
  const store = open();
  for (let i = 0; i < 17; i++) store.save(`ws://${String(i)}`, one);
  expect([store.get('ws://0'), store.get('ws://1')]).toEqual([null, one]);
});

test('identity: file of another machine -> renamed, its node ids reported', () => {
  open('machine a').save('ws://a', one);
  const copy = open('machine b');
  expect(copy.get('ws://a')).toBeNull();
  expect(copy.foreignNodeIds).toEqual(['node-1']);
  expect(readFileSync(`${file}.other-machine`, 'utf8')).toContain('secret-1');
  copy.save('ws://a', two);
  expect(open('machine b').foreignNodeIds).toEqual([]);
});

describe('identity: invalid file -> renamed, logged without its content', () => {
  test.each([
    '',
    '{',
    '[]',
    '{"version":2}',
    '{"version":1,"machine_fingerprint":"machine a","schedulers":[{"scheduler_url":"ws://a","node_id":"no id!","node_token":"secret-1"}]}',
  ])('%j', (content) => {
    open().save('ws://a', one);
    writeFileSync(file, content);
    const store = open();
    expect(store.get('ws://a')).toBeNull();
    expect(readFileSync(`${file}.corrupt`, 'utf8')).toBe(content);
    expect(lines).toEqual([JSON.stringify(['error', 'identity_corrupt', { file, moved_to: `${file}.corrupt` }])]);
    store.save('ws://a', two);
    expect(open().get('ws://a')).toEqual(two);
  });
});

test('identity: unreadable file -> renamed, not overwritten', () => {
  mkdirSync(file, { recursive: true });
  const store = open();
  store.save('ws://a', one);
  expect(open().get('ws://a')).toEqual(one);
  expect(statSync(`${file}.unreadable`).isDirectory()).toBe(true);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject(['error', 'identity_unreadable', { file, moved_to: `${file}.unreadable` }]);
});

test('identity: write fails -> identity stays in use, failure logged', () => {
  writeFileSync(path.join(folder, 'state'), 'a file where the folder should be');
  const store = open();
  store.save('ws://a', one);
  expect(store.get('ws://a')).toEqual(one);
  expect(lines.some((line) => line.includes('identity_not_saved'))).toBe(true);
  expect(lines.join()).not.toContain('secret');
});

test('CA of a pool: kept per scheduler and pin, across restarts; forgotten alone', () => {
  const store = open();
  store.save('wss://a', one);
  store.saveAuthority('wss://a', 'pin-1', 'ca-1');
  store.saveAuthority('wss://b', 'pin-2', 'ca-2');
  const again = open();
  expect([again.authority('wss://a', 'pin-1'), again.authority('wss://a', 'pin-2'), again.authority('wss://b', 'pin-2')]).toEqual([
    'ca-1',
    null,
    'ca-2',
  ]);
  again.forgetAuthority('wss://a');
  expect([open().authority('wss://a', 'pin-1'), open().authority('wss://b', 'pin-2'), open().get('wss://a')]).toEqual([null, 'ca-2', one]);
});

test('pool at another address: the same pin -> the same identity; another pin or none -> null', () => {
  const store = open();
  store.saveAuthority('wss://a', 'pin-1', 'ca-1');
  store.save('wss://a', one);
  expect([store.get('wss://b', 'pin-1'), store.get('wss://b', 'pin-2'), store.get('wss://b')]).toEqual([one, null, null]);
});

test('CA of the pool -> a file for other programs, written again after it is deleted or differs', () => {
  const pin = `sha256-${'x'.repeat(43)}`;
  const store = open();
  store.saveAuthority('wss://a', pin, 'ca-1');
  const caFile = path.join(path.dirname(file), `ca-${pin}.pem`);
  expect([store.authorityFile({ url: 'wss://a', pin }), readFileSync(caFile, 'utf8')]).toEqual([caFile, 'ca-1']);
  writeFileSync(caFile, 'another CA');
  expect([open().authorityFile({ url: 'wss://a', pin }), readFileSync(caFile, 'utf8')]).toEqual([caFile, 'ca-1']);
  expect([store.authorityFile(null), store.authorityFile({ url: 'wss://a' }), store.authorityFile({ url: 'wss://b', pin })]).toEqual([
    null,
    null,
    null,
  ]);
});

test('CA of the pool: a pin that is no name of a file, or a folder that cannot be written -> no file', () => {
  const store = open();
  store.saveAuthority('wss://a', '../../pin', 'ca-1');
  expect(store.authorityFile({ url: 'wss://a', pin: '../../pin' })).toBeNull();
  const pin = `sha256-${'y'.repeat(43)}`;
  store.saveAuthority('wss://b', pin, 'ca-2');
  mkdirSync(path.join(path.dirname(file), `ca-${pin}.pem`, 'in the way'), { recursive: true });
  expect(store.authorityFile({ url: 'wss://b', pin })).toBeNull();
  expect(lines.some((line) => line.includes('ca_file_not_written'))).toBe(true);
});

describe('other schedulers of a pool', () => {
  const [pin, urls] = [`sha256-${'A'.repeat(43)}`, ['wss://b:7080', 'wss://c:7080']];

  test('kept over restarts; found by the pin at any address, without a pin at this address alone', () => {
    const store = open();
    store.savePoolUrls('wss://a:7080', pin, urls);
    store.savePoolUrls('ws://127.0.0.1:7080', null, ['ws://127.0.0.1:7081']);
    const again = open();
    expect([again.poolUrls('wss://moved:7080', pin), again.poolUrls('wss://a:7080', null)]).toEqual([urls, []]);
    expect(again.poolUrls('ws://127.0.0.1:7080', null)).toEqual(['ws://127.0.0.1:7081']);
  });

  test('replaced by later ones; forgotten with the pool', () => {
    const store = open();
    store.savePoolUrls('wss://a:7080', pin, urls);
    store.savePoolUrls('wss://moved:7080', pin, ['wss://d:7080']);
    expect(open().poolUrls('wss://a:7080', pin)).toEqual(['wss://d:7080']);
    store.deleteCredential('wss://a:7080', pin);
    expect(open().poolUrls('wss://a:7080', pin)).toEqual([]);
  });

  test('a file of an earlier version has none', () => {
    const store = open();
    store.save('wss://a:7080', one);
    expect(readFileSync(file, 'utf8')).not.toContain('pool_urls');
    expect(open().poolUrls('wss://a:7080', pin)).toEqual([]);
  });
});
