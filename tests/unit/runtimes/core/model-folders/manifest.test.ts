import fc from 'fast-check';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseManifest } from '../../../../../src/main/runtimes/core/model-folders/manifest';
import { pathFault } from '../../../../../src/main/runtimes/core/model-folders/relative-path';

const good = {
  model_id: 'm',
  kind: 'llm',
  version: '1',
  files: [{ path: 'weights/model.gguf', size: 5, sha256: 'A'.repeat(64) }],
};

const parse = (change: object) => parseManifest(JSON.stringify({ ...good, ...change }));
const fileWith = (change: object) => ({ files: [{ ...good.files[0], ...change }] });

test('manifest: valid -> checksums in lower case', () => {
  const full = { ...good, kind: 'nmt', src_lang: 'en', tgt_lang: 'es', dialect: 'mx', process: 'apertium', min_gpu_memory_gb: 0.5 };
  expect(parseManifest(`\ufeff${JSON.stringify(full)}`)).toEqual({
    ok: true,
    value: { ...full, files: [{ path: 'weights/model.gguf', size: 5, sha256: 'a'.repeat(64) }] },
  });
});

describe('manifest: invalid -> error with the field', () => {
  test.each<[string, object]>([
    ['model_id', { model_id: '' }],
    ['model_id', { model_id: undefined }],
    ['kind', { kind: 'chat' }],
    ['version', { version: 1 }],
    ['files', { files: {} }],
    ['files', { files: [] }],
    ['files[0].path', fileWith({ path: '../x' })],
    ['files[0].size', fileWith({ size: -1 })],
    ['files[0].size', fileWith({ size: 1.5 })],
    ['files[0].sha256', fileWith({ sha256: 'abc' })],
    ['files[0].md5', fileWith({ md5: 'abc' })],
    ['files[1].path', { files: [good.files[0], good.files[0]] }],
    ['files', { files: Array.from({ length: 4097 }, (_, index) => ({ ...good.files[0], path: `f${String(index)}` })) }],
    ['process', { process: '' }],
    ['min_gpu_memory_gb', { min_gpu_memory_gb: '8' }],
    ['min_gpu_memory', { min_gpu_memory: 8 }],
  ])('%s', (field, change) => {
    expect(parse(change)).toMatchObject({ ok: false, error: { field } });
  });

  test.each(['', '{', '[]', 'null', '3', '['.repeat(100)])('not an object: %j', (text) => {
    expect(parseManifest(text)).toMatchObject({ ok: false, error: { code: 'not_json', field: '' } });
  });
});

describe('pathFault', () => {
  test.each(['a', 'a/b', 'a b/ü.bin', '...', 'a..b/c', '.hidden'])('%j -> accepted', (good) => {
    expect(pathFault(good)).toBeNull();
  });

  test.each([
    '',
    '/etc/passwd',
    '..',
    '../a',
    'a/../b',
    'a/..',
    '.',
    './a',
    'a//b',
    'a/',
    'a\\b',
    '..\\a',
    'C:/a',
    'C:a',
    'a:stream',
    'a\0b',
    'a\nb',
    '\\\\host\\share',
    'x'.repeat(1025),
  ])('%j -> refused', (bad) => {
    expect(pathFault(bad)).toEqual(expect.any(String));
  });

  test('accepted paths never resolve outside the folder, on POSIX and Windows', () => {
    const part = fc.oneof(fc.constantFrom('..', '.', '', '/', '\\', 'C:', '~', 'a', '\0'), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.constantFrom('/', '\\', ''), (parts, separator) => {
        const candidate = parts.join(separator);
        if (pathFault(candidate) !== null) return;
        expect(path.posix.resolve('/models/m', candidate).startsWith('/models/m/')).toBe(true);
        expect(path.win32.resolve('D:\\models\\m', candidate).startsWith('D:\\models\\m\\')).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
