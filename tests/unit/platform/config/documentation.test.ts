// docs/configuration.md is written by hand around one list that must match the table in the code.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../../../scripts/paths.mjs';
import type { ConfigKey } from '../../../../src/main/platform/config/config-key';
import { CONFIG_KEYS, CONFIG_PATHS, type ConfigPath, envNameOf } from '../../../../src/main/platform/config/keys';

const text = readFileSync(path.join(projectRoot, 'docs', 'configuration.md'), 'utf8');

/** The entries of the list by their key, without line breaks. */
const entries = new Map(
  [...text.matchAll(/^- `([a-z_]+\.[a-z_.]+)`(?:.|\n(?!\n|- ))*/gm)].map(([entry, key = '']) => [key, entry.replace(/\s+/g, ' ').trim()]),
);

function expectedEntry(configPath: ConfigPath): string {
  const key: ConfigKey = CONFIG_KEYS[configPath];
  const facts = [
    ...(key.default === null ? [] : [`default \`${JSON.stringify(key.default)}\``]),
    ...(key.flag === null ? [] : [`flag \`--${key.flag}\``]),
  ];
  return `- \`${configPath}\`${facts.length === 0 ? '' : ` (${facts.join(', ')})`}: ${key.doc}`;
}

test.each(CONFIG_PATHS)('configuration.md: %s has the default, flag and meaning of the code', (configPath) => {
  expect(entries.get(configPath)).toBe(expectedEntry(configPath));
});

test('configuration.md: every documented key exists, in the order of the code', () => {
  expect([...entries.keys()]).toEqual(CONFIG_PATHS);
});

test('configuration.md: every environment variable in the text is one that is read', () => {
  const known = [...CONFIG_PATHS.map(envNameOf), 'MUSTER_URL', 'MUSTER_KEY', 'MUSTER_ADMIN_TOKEN_FILE'];
  for (const [name] of text.matchAll(/MUSTER_[A-Z_]+/g)) expect(known).toContain(name);
});
