// docs/configuration.md is written by hand around one table that must be the code's own.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../../../scripts/paths.mjs';
import { CONFIG_KEYS, CONFIG_PATHS, type ConfigKey, envNameOf } from '../../../../src/main/platform/config/keys';

/** However the columns are aligned. */
const oneSpace = (words: string): string => words.replace(/ +/g, ' ');
const text = oneSpace(readFileSync(path.join(projectRoot, 'docs', 'configuration.md'), 'utf8'));

test.each(CONFIG_PATHS)('%s is documented with its default, meaning and flag as they are in the code', (configPath) => {
  const key: ConfigKey = CONFIG_KEYS[configPath];
  const fallback = key.default === null ? '' : `\`${JSON.stringify(key.default)}\``;
  const flag = key.flag === null ? '' : `\`--${key.flag}\``;
  expect(text).toContain(oneSpace(`| \`${configPath}\` | ${fallback} | ${flag} | ${key.doc} |\n`));
});

test('no key is documented that does not exist', () => {
  const documented = [...text.matchAll(/^\| `([a-z_.]+)` \|/gm)].map(([, key]) => key);
  expect(documented).toEqual(CONFIG_PATHS);
});

test('every environment variable in the text is one that is read', () => {
  const known = [...CONFIG_PATHS.map(envNameOf), 'MUSTER_URL', 'MUSTER_ADMIN_TOKEN_FILE'];
  for (const [name] of text.matchAll(/MUSTER_[A-Z_]+/g)) expect(known).toContain(name);
});
