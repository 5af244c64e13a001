// docs/clients.md and its Chinese page are what the page Connect programs shows. `node scripts/api-pages.mjs` writes them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { en } from '../../src/renderer/i18n/en/index';
import { zhCn } from '../../src/renderer/i18n/zh-cn/index';
import { MARKER } from '../support/api-pages/pages';
import { clientPage } from '../support/client-pages/page';

const docs = join(import.meta.dirname, '../../docs');
const isWriting = process.env['MUSTER_WRITE_API_PAGES'] === '1';

test.each([
  ['clients.md', en],
  ['guide/zh-cn/clients.md', zhCn],
] as const)('docs/%s: the programs, APIs and snippets of Connect programs', (page, texts) => {
  const file = join(docs, page);
  const before = readFileSync(file, 'utf8');
  const wanted = `${(before.split(MARKER)[0] ?? '').trimEnd()}\n\n${MARKER}\n\n${clientPage(texts)}\n`;
  if (isWriting) writeFileSync(file, wanted);
  expect(readFileSync(file, 'utf8'), 'run node scripts/api-pages.mjs').toBe(wanted);
});
