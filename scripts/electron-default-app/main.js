// Replaces the default app of an official Electron: `electron [-r module] [--version] path/to/app [args...]`.
// It loads the given app, whose main may be CommonJS or ESM. Arguments after the path belong to that app.
// Electron is `ready` only after this module was evaluated. So the module awaits the app, which must run some code before `ready`.
import { app } from 'electron';
import { readFileSync, statSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const preloads = [];
let target;
for (let rest = process.argv.slice(1); rest.length > 0 && target === undefined;) {
  const argument = rest.shift();
  if (argument === '-v' || argument === '--version') {
    console.log(`v${process.versions.electron}`);
    process.exit(0);
  } else if (argument === '-r' || argument === '--require') preloads.push(rest.shift());
  else if (!argument.startsWith('-')) target = argument;
}
if (target === undefined) {
  console.error('usage: electron [-r module] path/to/app [args...]');
  process.exit(1);
}

for (const preload of preloads) require(resolve(preload));
Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });

async function become(path) {
  if (!statSync(path).isDirectory()) {
    app.setAppPath(dirname(path));
    return import(pathToFileURL(path).href);
  }
  const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  if (manifest.version) app.setVersion(manifest.version);
  if (manifest.productName ?? manifest.name) app.setName(manifest.productName ?? manifest.name);
  app.setAppPath(path);
  return import(pathToFileURL(Module._resolveFilename(path, null, true)).href);
}

try {
  await become(resolve(target));
} catch (error) {
  console.error('The app threw an error while it was loaded:\n', error);
  process.exit(1);
}
