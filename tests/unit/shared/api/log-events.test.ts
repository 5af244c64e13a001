// The list of log events has each event that the program logs, and no other.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { noticeSchema } from '../../../../src/shared/api/agent-view';
import { LOG_EVENTS } from '../../../../src/shared/api/log-events';
import { en } from '../../../../src/renderer/i18n/en';

const root = path.join(import.meta.dirname, '../../../..');
const namesIn = (file: string, pattern: RegExp): string[] =>
  [...readFileSync(path.join(root, file), 'utf8').matchAll(pattern)].flatMap(([, names = '']) => names.match(/\w+/g) ?? []);

test('log events: those of the sources, the notices, the documents and the texts', () => {
  const sources = readdirSync(path.join(root, 'src/main'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const all = new Set<string>([
    ...sources.flatMap((name) => namesIn(path.join('src/main', name), /\.log\(\s*[^,]+,\s*'(\w+)'/g)),
    ...noticeSchema.shape.code.options,
    ...namesIn('docs/log.md', /^- (`\w+`(?:,\s+`\w+`)*) \(\w/gm),
    ...Object.keys(en.log_event),
  ]);
  expect(LOG_EVENTS).toEqual([...all].toSorted());
});
