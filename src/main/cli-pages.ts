// A tool of the build (scripts/cli-program.mjs): writes the shell completions and the man page into the folder of its argument.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { cliPages } from './cli/cli-pages';

const [, , folder = '.'] = process.argv;
mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(cliPages()))
  writeFileSync(path.join(folder, name), name.endsWith('.gz') ? gzipSync(text, { level: 9 }) : text);
