import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../../../../scripts/paths.mjs';
import { parseManifest } from '../../../../../src/main/runtimes/core/model-folders/manifest';

const good = {
  argv: ['./bin/run', '--voice={param.voice}', '{input}', '{output}'],
  input: { as: 'file' },
  output: { from: 'file', content_type: 'audio/wav' },
  content_types: ['text/plain', 'audio/*'],
  timeout_seconds: 30,
  params: { voice: { enum: ['a', 'b'], default: 'a' } },
};
const parse = (command: unknown) => parseManifest(JSON.stringify({ model_id: 'm', kind: 'tts', version: '1', files: [], command }));
const faultOf = (command: unknown) => {
  const parsed = parse(command);
  return parsed.ok ? null : parsed.error.field;
};
const plain = { input: { as: 'stdin' }, output: { from: 'stdout', content_type: 'text/plain' } };

test('command: valid section -> unchanged', () => {
  const parsed = parse(good);
  expect(parsed.ok && parsed.value.command).toEqual(good);
});

test('command: defaults -> text/plain, no parameters', () => {
  const parsed = parse({ ...plain, argv: ['tr', 'a-z', 'A-Z'] });
  expect(parsed.ok && parsed.value.command).toEqual({ ...plain, argv: ['tr', 'a-z', 'A-Z'], content_types: ['text/plain'], params: {} });
});

test('command: braces that are not a placeholder -> unchanged', () => {
  expect(parse({ ...plain, argv: ['node', '-e', 'for (;;) { x({}); }', '${HOME}'] }).ok).toBe(true);
});

describe('command: invalid -> error with the field', () => {
  test.each<[string, object, string]>([
    ['no program', { ...plain, argv: [] }, 'command.argv[0]'],
    ['an empty program', { ...plain, argv: [''] }, 'command.argv[0]'],
    ['a program outside the folder', { ...plain, argv: ['../evil'] }, 'command.argv[0]'],
    ['a program outside the folder by a nested path', { ...plain, argv: ['bin/../../evil'] }, 'command.argv[0]'],
    ['a program that a job would choose', { ...plain, argv: ['{param.x}'], params: { x: { enum: ['sh'] } } }, 'command.argv[0]'],
    ['a NUL in an argument', { ...plain, argv: ['sh', 'a\0b'] }, 'command.argv[1]'],
    ['a misspelt key', { ...plain, argv: ['cat'], timeout: 3 }, 'command.timeout'],
    ['a shell line instead of arguments', { ...plain, argv: 'cat' }, 'command.argv'],
    ['an input file that is not used', { ...plain, argv: ['cat'], input: { as: 'file' } }, 'command.argv'],
    ['an input placeholder for stdin', { ...plain, argv: ['cat', '{input}'] }, 'command.argv'],
    ['an output file that is not used', { ...plain, argv: ['cat'], output: { from: 'file', content_type: 'a/b' } }, 'command.argv'],
    ['an undeclared parameter', { ...plain, argv: ['cat', '{param.x}'] }, 'command.argv'],
    ['a parameter that is not used', { ...plain, argv: ['cat'], params: { x: { enum: ['a'] } } }, 'command.params'],
    ['a parameter with an invalid name', { ...plain, argv: ['cat'], params: { 'a b': { enum: ['a'] } } }, 'command.params.a b'],
    [
      'a default that its rule refuses',
      { ...plain, argv: ['cat', '{param.x}'], params: { x: { enum: ['a'], default: 'b' } } },
      'command.params',
    ],
    [
      'a default that begins with a dash',
      { ...plain, argv: ['cat', '{param.x}'], params: { x: { pattern: '.*', default: '-n' } } },
      'command.params',
    ],
    ['no content type of the output', { argv: ['cat'], input: { as: 'stdin' }, output: { from: 'stdout' } }, 'command.output.content_type'],
    ['an invalid content type', { ...plain, argv: ['cat'], content_types: ['text'] }, 'command.content_types[0]'],
    ['a timeout of 0', { ...plain, argv: ['cat'], timeout_seconds: 0 }, 'command.timeout_seconds'],
  ])('%s', (_title, command, field) => {
    expect(faultOf(command)).toBe(field);
  });

  test.each<[string, unknown]>([
    ['an invalid pattern', { pattern: '(' }],
    ['a range with min above max', { min: 2, max: 1 }],
    ['two rules at once', { enum: ['a'], min: 1, max: 2 }],
    ['no rule', {}],
  ])('%s', (_title, spec) => {
    expect(faultOf({ ...plain, argv: ['cat', '{param.x}'], params: { x: spec } })).toMatch(/^command\.params/);
  });
});

test('manifest: the examples in docs/models.md are valid', () => {
  const page = readFileSync(path.join(projectRoot, 'docs', 'models.md'), 'utf8');
  const examples = [...page.matchAll(/```json\n([^`]*)```/g)].map(([, text]) => text ?? '');
  const whole = examples.map((text) => text.replace('64 hexadecimal digits', 'a'.repeat(64)));
  expect(whole.map((text) => parseManifest(text).ok)).toEqual([true, true]);
});
