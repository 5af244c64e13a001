import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isSignedFile, isSignedFileNow } from '../../../src/main/updates/package-file';

const folder = mkdtempSync(path.join(tmpdir(), 'muster-package-file-'));
const file = path.join(folder, 'muster.deb');
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Longer than one piece of the reader. */
const content = Buffer.alloc(2_500_000, 'muster');
const signed = { url: 'muster.deb', sha512: createHash('sha512').update(content).digest('base64'), size: content.length };
const changed = Buffer.from(content);
changed[content.length - 1] = 0;

describe.each([
  ['read in turns of the event loop', isSignedFile],
  ['read at once', isSignedFileNow],
])('package %s', (_title, isSigned) => {
  test.each<[string, Buffer, boolean]>([
    ['as signed', content, true],
    ['last byte changed', changed, false],
    ['shorter', content.subarray(1), false],
    ['longer', Buffer.concat([content, Buffer.alloc(1)]), false],
    ['empty', Buffer.alloc(0), false],
  ])('%s', async (_situation, bytes, expected) => {
    writeFileSync(file, bytes);
    expect(await isSigned(file, signed)).toBe(expected);
  });

  test('absent -> false', async () => {
    expect(await isSigned(path.join(folder, 'absent.deb'), signed)).toBe(false);
  });
});
