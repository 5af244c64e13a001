// The table of keys in docs/configuration.md must be equal to the table in the code.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../../../scripts/paths.mjs';
import { CONFIG_KEYS, CONFIG_PATHS, type ConfigKey, envNameOf } from '../../../../src/main/platform/config/keys';

/** The columns may be aligned with spaces. */
const oneSpace = (line: string): string => line.replace(/ +/g, ' ');
const text = oneSpace(readFileSync(path.join(projectRoot, 'docs', 'configuration.md'), 'utf8'));

test.each(CONFIG_PATHS)('configuration.md: %s with default, flag and meaning', (configPath) => {
  const key: ConfigKey = CONFIG_KEYS[configPath];
  const fallback = key.default === null ? '' : `\`${JSON.stringify(key.default)}\``;
  const flag = key.flag === null ? '' : `\`--${key.flag}\``;
  expect(text).toContain(oneSpace(`| \`${configPath}\` | ${fallback} | ${flag} | ${key.doc} |\n`));
});

test('configuration.md: every documented key exists', () => {
  const documented = [...text.matchAll(/^\| `([a-z_.]+)` \|/gm)].map(([, key]) => key);
  expect(documented).toEqual(CONFIG_PATHS);
});

test('configuration.md: every environment variable exists', () => {
  const known = [...CONFIG_PATHS.map(envNameOf), 'MUSTER_URL', 'MUSTER_ADMIN_TOKEN_FILE'];
  for (const [name] of text.matchAll(/MUSTER_[A-Z_]+/g)) expect(known).toContain(name);
});
