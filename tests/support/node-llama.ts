// llama.cpp for tests, as node-llama-cpp: installed once into .tools/, never a dependency of the project. And a server over it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { requireNpmPackages } from './npm-packages';
import type { Requirement } from './requirements';
import { within } from './within';

const VERSION = '3.22.1';

/** The module's path, installed now where it is not; or why it cannot be. */
export function requireNodeLlama(): Requirement {
  const platform = `${process.platform === 'win32' ? 'win' : process.platform === 'darwin' ? 'mac' : process.platform}-${process.arch}`;
  const packages = [`node-llama-cpp@${VERSION}`, `@node-llama-cpp/${platform}@${VERSION}`];
  const installed = requireNpmPackages(`node-llama-cpp-${VERSION}`, packages);
  return installed.path === undefined ? installed : { path: path.join(installed.path, 'node-llama-cpp/dist/index.js') };
}

export interface LlamaServer {
  readonly url: URL;
  readonly process: ChildProcess;
}

/** Listens when this resolves; the model may still be loading. It ends with the test that started it. */
export async function startLlamaServer(modulePath: string, modelPath: string): Promise<LlamaServer> {
  const script = path.join(import.meta.dirname, 'llama-server.mjs');
  const child = spawn(process.execPath, [script, modulePath, modelPath], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await within('the port of llama-server', once(child.stdout, 'data'))) as [Buffer];
  return { url: new URL(`http://127.0.0.1:${line.toString().trim()}`), process: child };
}
