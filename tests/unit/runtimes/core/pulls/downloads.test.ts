// What each act of the owner changes in the downloads. The configuration wants `c:latest`.
import { expect, test } from 'vitest';
import {
  type Downloads,
  MAX_DOWNLOADS,
  NO_DOWNLOADS,
  onlyMissing,
  wantedNames,
  withoutRequest,
  withPause,
  withRequest,
} from '../../../../../src/main/runtimes/core/pulls/downloads';

const CONFIGURED = ['c:latest'];
const of = (requested: readonly string[], paused: readonly string[] = []): Downloads => ({ requested, paused });
const FULL = of(Array.from({ length: MAX_DOWNLOADS }, (_, i) => `m${String(i)}:latest`));
const ACTS = { request: withRequest, pause: withPause, cancel: withoutRequest };

test.each<[keyof typeof ACTS, string, string, Downloads, Downloads | string]>([
  ['request', 'new', 'a', NO_DOWNLOADS, of(['a:latest'])],
  ['request', 'requested before, in upper case', 'A', of(['a:latest']), of(['a:latest'])],
  ['request', 'paused -> continues', 'a', of(['a:latest'], ['a:latest', 'c:latest']), of(['a:latest'], ['c:latest'])],
  ['request', 'configured -> no request', 'c', of([], ['c:latest']), NO_DOWNLOADS],
  ['request', 'the most are requested', 'a', FULL, 'too_many_downloads'],
  ['request', 'the most are requested, this one too', 'm0', FULL, FULL],
  ['pause', 'requested', 'A', of(['a:latest']), of(['a:latest'], ['a:latest'])],
  ['pause', 'configured', 'c', NO_DOWNLOADS, of([], ['c:latest'])],
  ['pause', 'paused before', 'c', of(['a:latest'], ['c:latest', 'a:latest']), of(['a:latest'], ['c:latest', 'a:latest'])],
  ['pause', 'not wanted', 'x', NO_DOWNLOADS, 'no_download'],
  ['cancel', 'requested and paused', 'a', of(['b:1', 'a:latest'], ['a:latest', 'b:1']), of(['b:1'], ['b:1'])],
  ['cancel', 'configured', 'c', NO_DOWNLOADS, 'configured'],
  ['cancel', 'not wanted', 'x', of(['a:latest']), 'no_download'],
])('%s: %s', (act, _situation, model, before, expected) => {
  const changed = ACTS[act](before, CONFIGURED, model);
  expect(changed.ok ? changed.value.downloads : changed.error).toEqual(expected);
});

test('wanted: requests first, each once; no runtime lists them -> they are kept', () => {
  expect(wantedNames(of(['b:1', 'C']), CONFIGURED)).toEqual(['b:1', 'c:latest']);
  expect(onlyMissing(of(['a:latest', 'b:1'], ['b:1', 'c:latest']), ['b:1'])).toEqual(of(['b:1'], ['b:1']));
});
