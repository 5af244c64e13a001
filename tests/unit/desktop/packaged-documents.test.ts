// The documents of a package: which there are, and which file is opened.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PackagedDocuments } from '../../../src/main/desktop/packaged-documents';

let folder: string;
let opened: string[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-documents-'));
  opened = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const documents = (answer = '', of: string | null = folder) =>
  new PackagedDocuments({
    folder: of,
    openFile: (file) => {
      opened.push(path.relative(folder, file).replaceAll('\\', '/'));
      return Promise.resolve(answer);
    },
  });

function write(...files: readonly string[]): void {
  for (const file of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), '');
  }
}

test('checkout, package without documents -> none, and none is opened', async () => {
  expect(documents('', null).list()).toEqual([]);
  expect(documents().list()).toEqual([]);
  expect(await documents().open('guide', 'en')).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
  expect(opened).toEqual([]);
});

test('package -> the documents that it has; the guide in the language of the window', async () => {
  write('guide/en/index.html', 'guide/zh-cn/index.html', 'LICENSE.txt', 'LICENSES.dependencies.txt', 'LICENSE.node.txt');
  expect(documents().list()).toEqual(['guide', 'licence', 'dependencies', 'node']);
  expect(await documents().open('guide', 'en')).toEqual({ ok: true, value: undefined });
  await documents().open('guide', 'zh');
  await documents().open('dependencies', 'zh');
  expect(opened).toEqual(['guide/en/index.html', 'guide/zh-cn/index.html', 'LICENSES.dependencies.txt']);
});

test('no program of the system shows the file -> its reason', async () => {
  write('LICENSE.txt');
  expect(await documents('no application is registered').open('licence', 'en')).toMatchObject({
    ok: false,
    error: { code: 'NOT_FOUND', details: { reason: 'no application is registered' } },
  });
});
