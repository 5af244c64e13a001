// llama.cpp for tests, as node-llama-cpp: installed once into .tools/, never a dependency of the project. And a server over it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { toolsDir } from '../../scripts/paths.mjs';
import { npm } from '../../scripts/setup-node.mjs';
import type { Requirement } from './requirements';

const VERSION = '3.22.1';
const FOLDER = path.join(toolsDir, `node-llama-cpp-${VERSION}`);
const MODULE = path.join(FOLDER, 'node_modules/node-llama-cpp/dist/index.js');
const INSTALL_TIMEOUT_MS = 180_000;

/** The module's path, installed now where it is not; or why it cannot be. In CI nothing is skipped in silence. */
export function requireNodeLlama(): Requirement {
  const reason = existsSync(MODULE) ? null : install();
  if (reason === null) return { path: MODULE };
  if (process.env['MUSTER_FORBID_SKIP'] === '1') throw new Error(`The llama tests may not be skipped, but ${reason}`);
  return { missing: reason };
}

/** Made in a temporary folder and renamed at the end, so that a half-made one is never found. */
function install(): string | null {
  const platform = `${process.platform === 'win32' ? 'win' : process.platform === 'darwin' ? 'mac' : process.platform}-${process.arch}`;
  mkdirSync(toolsDir, { recursive: true });
  const work = mkdtempSync(path.join(toolsDir, 'llama-being-made-'));
  try {
    const { command, args } = npm();
    const flags = [
      'install',
      '--prefix',
      work,
      '--no-save',
      '--no-package-lock',
      '--ignore-scripts',
      '--omit=optional',
      '--no-audit',
      '--no-fund',
    ];
    const packages = [`node-llama-cpp@${VERSION}`, `@node-llama-cpp/${platform}@${VERSION}`];
    const { status } = spawnSync(command, [...args, ...flags, ...packages], { timeout: INSTALL_TIMEOUT_MS, stdio: 'ignore' });
    if (status !== 0) return `${packages.join(' and ')} could not be installed. Fix: make the npm registry reachable`;
    try {
      renameSync(work, FOLDER);
    } catch (cause) {
      // Another run was faster; its result is as good as ours.
      if (!existsSync(MODULE)) throw cause;
    }
    return null;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

export interface LlamaServer {
  readonly url: URL;
  readonly process: ChildProcess;
}

/** Listens when this resolves; the model may still be loading. It ends with the test that started it. */
export async function startLlamaServer(modulePath: string, modelPath: string): Promise<LlamaServer> {
  const script = path.join(import.meta.dirname, 'llama-server.mjs');
  const child = spawn(process.execPath, [script, modulePath, modelPath], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: new URL(`http://127.0.0.1:${line.toString().trim()}`), process: child };
}
