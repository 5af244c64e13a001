import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const RENDERER = resolve(import.meta.dirname, '../../../../src/renderer');
const COLOUR = /#[0-9a-f]{3,8}\b(?!\/)|\b(?:rgb|hsl|oklch)a?\(|:\s*(?:white|black|red|green|blue|gray|grey)\b/i;

test('colours: named in theme/tokens.ts only', () => {
  const files = readdirSync(RENDERER, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(tsx?|css)$/.test(file));
  const naming = files.filter((file) => COLOUR.test(readFileSync(join(RENDERER, file), 'utf8')));
  expect(naming).toEqual([join('theme', 'tokens.ts')]);
});
