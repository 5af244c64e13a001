// llama.cpp for tests, as the package node-llama-cpp, and a server that uses the package. The package is installed once into .tools/ and
// is not a dependency of the project.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { requireNpmPackages } from './npm-packages';
import type { Requirement } from './requirements';
import { within } from './within';

const VERSION = '3.22.1';

/** The path of the module, which is installed now if it is missing; or the reason why it cannot be installed. */
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

/** Resolves when the server listens; the model may still be loading. The server ends with the test process that started it. */
export async function startLlamaServer(modulePath: string, modelPath: string): Promise<LlamaServer> {
  const script = path.join(import.meta.dirname, 'llama-server.mjs');
  const child = spawn(process.execPath, [script, modulePath, modelPath], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await within('the port of llama-server', once(child.stdout, 'data'))) as [Buffer];
  return { url: new URL(`http://127.0.0.1:${line.toString().trim()}`), process: child };
}
