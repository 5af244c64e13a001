// The parameters of a command from the command line.
import { expect, test } from 'vitest';
import { parseJobParams, type JobParams } from '../../../../src/main/cli/core/job-params';

test.each<[readonly string[], JobParams]>([
  [[], {}],
  [['voice=es'], { voice: 'es' }],
  [['speed=1.5', 'pitch=-2', 'gain=1e3'], { speed: 1.5, pitch: -2, gain: 1000 }],
  [['loud=true', 'soft=false'], { loud: true, soft: false }],
  [['words=a=b, c', 'none=', 'version=1.2.3', 'hex=0x10'], { words: 'a=b, c', none: '', version: '1.2.3', hex: '0x10' }],
])('params: %j -> %j', (given, params) => {
  expect(parseJobParams(given)).toEqual({ ok: true, value: params });
});

test.each([
  [['voice'], '--param: expected NAME=VALUE, not "voice"'],
  [['=es'], '--param: expected NAME=VALUE, not "=es"'],
  [['voice=es', 'voice=en'], '--param: voice is given twice'],
])('params: %j -> error', (given, message) => {
  expect(parseJobParams(given)).toEqual({ ok: false, error: message });
});
