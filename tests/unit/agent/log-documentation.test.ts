// docs/agent.md lists exactly the events that the agent and its runtimes log, with their levels.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { noticeSchema } from '../../../src/shared/api/agent-view';

const root = path.join(import.meta.dirname, '../../..');

/** `event level` of every call of a logger. A call may choose between two levels. */
function loggedIn(folder: string, pattern = /\.ts$/): string[] {
  const files = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => pattern.test(name));
  return files.flatMap((name) =>
    [...readFileSync(path.join(root, folder, name), 'utf8').matchAll(/\.log\(\s*([^,]+),\s*'(\w+)'/g)].flatMap(
      ([, levels = '', event = '']) => [...levels.matchAll(/'(\w+)'/g)].map(([, level]) => `${event} ${level ?? ''}`),
    ),
  );
}

/** The entries of the lists: several events may share one, and an event may have two levels. */
function documented(): string[] {
  const [, section = ''] = readFileSync(path.join(root, 'docs/agent.md'), 'utf8').split('## Log events');
  return [...section.matchAll(/^- (`\w+`(?:,\s+`\w+`)*) \((\w+(?:, \w+)*)\)/gm)].flatMap(([, events = '', levels = '']) =>
    [...events.matchAll(/\w+/g)].flatMap(([event]) => levels.split(', ').map((level) => `${event} ${level}`)),
  );
}

test('log events: docs/agent.md lists each logged event with its level', () => {
  const notices = noticeSchema.shape.code.options.map((code) => `${code} warn`);
  const logged = new Set([
    ...loggedIn('src/main/agent'),
    ...loggedIn('src/main/runtimes'),
    ...loggedIn('src/main/system-events'),
    ...loggedIn('src/main/joining', /^follow-pool\.ts$/),
    ...notices,
  ]);
  expect(documented().toSorted()).toEqual([...logged].toSorted());
});
