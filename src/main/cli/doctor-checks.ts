// The checks of `muster doctor` besides hardware and models: folders and the port to listen on. They write and create nothing.
import { access, constants, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { httpUrlOf } from '../../shared/api/join-link';
import { callerViewSchema } from '../../shared/api/members';
import { reasonOfError } from '../../shared/errors';
import { storedNodeIds } from '../agent/identity-store';
import { programOnPort } from '../hardware/probe/server-finder';
import type { MusterPaths } from '../platform/paths';
import { readToken } from '../platform/token-file';
import { HttpClient } from '../scheduler-client/http-client';
import { allNodes } from './nodes-command';
import { localHostOf } from '../../shared/loopback';

export const folderCheckSchema = z.object({
  name: z.enum(['configuration', 'data', 'state']),
  path: z.string(),
  writable: z.boolean(),
  /** e.g. `EACCES`, `not_a_folder`; null when the folder is writable or can be created. */
  reason: z.string().nullable(),
});
export type FolderCheck = z.infer<typeof folderCheckSchema>;

/** Whether the folder is writable or can be created. */
export async function checkFolder(name: FolderCheck['name'], folder: string): Promise<FolderCheck> {
  const reason = await folderFault(folder);
  return { name, path: folder, writable: reason === null, reason };
}

async function folderFault(folder: string): Promise<string | null> {
  try {
    if (!(await stat(folder)).isDirectory()) return 'not_a_folder';
    await access(folder, constants.W_OK | constants.X_OK);
    return null;
  } catch (cause) {
    const code = reasonOfError(cause);
    const parent = path.dirname(folder);
    return code === 'ENOENT' && parent !== folder ? folderFault(parent) : code;
  }
}

export const portCheckSchema = z.object({
  host: z.string(),
  port: z.number(),
  /** `scheduler`: a Muster scheduler uses the port; `in_use`: another program does. */
  state: z.enum(['free', 'scheduler', 'in_use', 'not_possible']),
  reason: z.string().nullable(),
  /** The name of the other program. Null: none, or not known, as on systems other than Linux and for a program of another user. */
  program: z.string().nullable(),
});
export type PortCheck = z.infer<typeof portCheckSchema>;

/** Whether a scheduler could listen on the port, or which program uses it. `procRoot`: of Linux. */
export async function checkPort(host: string, port: number, procRoot = '/proc'): Promise<PortCheck> {
  const reason = await listenFault(host, port);
  if (reason === null) return { host, port, state: 'free', reason, program: null };
  if (reason !== 'EADDRINUSE') return { host, port, state: 'not_possible', reason, program: null };
  const client = new HttpClient({ baseUrl: schedulerUrlHere({ host, port }), token: null, timeoutMs: 2000 });
  const health = await client.ask(
    { method: 'GET', path: '/healthz', answer: 'health' },
    z.object({ status: z.literal('ok'), version: z.string() }),
  );
  if (health.ok) return { host, port, state: 'scheduler', reason: null, program: null };
  return { host, port, state: 'in_use', reason, program: programOnPort(procRoot, port) };
}

/** `is_own`: the scheduler at this port uses the data folder of this command. */
export type OllamaPortCheck = PortCheck & { readonly is_own: boolean };

/** The port for Ollama clients. */
export async function checkOllamaPort(host: string, port: number, ownerKeyFile: string): Promise<OllamaPortCheck> {
  const check = await checkPort(host, port);
  return { ...check, is_own: check.state === 'scheduler' && (await isOwnScheduler(check, ownerKeyFile)) };
}

/** The scheduler that listens there, for a client on this computer. */
export const schedulerUrlHere = ({ host, port }: Pick<PortCheck, 'host' | 'port'>): string =>
  httpUrlOf({ host: localHostOf(host), port, secure: false, token: null, pin: null });

/** Whether the scheduler at this port has this owner key: it uses the same data folder. The scheduler proves it before the key is sent. */
export async function isOwnScheduler({ host, port }: Pick<PortCheck, 'host' | 'port'>, ownerKeyFile: string): Promise<boolean> {
  const key = await readToken(ownerKeyFile);
  if (!key.ok) return false;
  const client = new HttpClient({ baseUrl: schedulerUrlHere({ host, port }), token: key.value, timeoutMs: 2000 });
  return (await client.ask({ method: 'GET', path: '/api/v1/session' }, callerViewSchema)).ok;
}

/** The simulated GPUs of the node of this computer at its own scheduler. Empty: none, or the scheduler did not answer. */
export async function simulatedGpus(
  { host, port }: Pick<PortCheck, 'host' | 'port'>,
  { adminTokenFile, identityFile }: Pick<MusterPaths, 'adminTokenFile' | 'identityFile'>,
): Promise<readonly string[]> {
  const key = await readToken(adminTokenFile);
  if (!key.ok) return [];
  const answer = await allNodes(new HttpClient({ baseUrl: schedulerUrlHere({ host, port }), token: key.value, timeoutMs: 2000 }));
  if (!answer.ok) return [];
  const ids = storedNodeIds(identityFile);
  const own = answer.value.nodes.find(({ node_id: id, online }) => online && ids.includes(id));
  const gpus = own?.hardware.gpus.filter(({ simulated }) => simulated === true) ?? [];
  return gpus.map(({ name, memory_gb: gb }) => `${name} ${String(gb)} GB`);
}

function listenFault(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => {
      resolve(reasonOfError(error));
    });
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => {
        resolve(null);
      });
    });
  });
}
