// What `muster doctor` looks at besides hardware and models: folders, the port to listen on, the way to the scheduler.
// Nothing is written or made by looking.
import { access, constants, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { HttpClient } from '../scheduler-client/http-client';
import { localHostOf } from '../../shared/loopback';

export const folderCheckSchema = z.object({
  name: z.enum(['configuration', 'data', 'state']),
  path: z.string(),
  writable: z.boolean(),
  /** e.g. `EACCES`, `not_a_folder`; null when it is writable, or would be once it is made. */
  reason: z.string().nullable(),
});
export type FolderCheck = z.infer<typeof folderCheckSchema>;

/** Whether files can be written there now, or the folder be made. */
export async function checkFolder(name: FolderCheck['name'], folder: string): Promise<FolderCheck> {
  const reason = await whyNotWritable(folder);
  return { name, path: folder, writable: reason === null, reason };
}

async function whyNotWritable(folder: string): Promise<string | null> {
  try {
    if (!(await stat(folder)).isDirectory()) return 'not_a_folder';
    await access(folder, constants.W_OK | constants.X_OK);
    return null;
  } catch (cause) {
    const code = codeOf(cause);
    const parent = path.dirname(folder);
    return code === 'ENOENT' && parent !== folder ? whyNotWritable(parent) : code;
  }
}

export const portCheckSchema = z.object({
  host: z.string(),
  port: z.number(),
  /** `scheduler`: a Muster scheduler has it; `in_use`: something else has. */
  state: z.enum(['free', 'scheduler', 'in_use', 'not_possible']),
  reason: z.string().nullable(),
});
export type PortCheck = z.infer<typeof portCheckSchema>;

/** Whether a scheduler could listen there; who has the port otherwise. */
export async function checkPort(host: string, port: number): Promise<PortCheck> {
  const reason = await whyNotListening(host, port);
  if (reason === null) return { host, port, state: 'free', reason };
  if (reason !== 'EADDRINUSE') return { host, port, state: 'not_possible', reason };
  const local = localHostOf(host);
  const client = new HttpClient({
    baseUrl: `http://${local.includes(':') ? `[${local}]` : local}:${String(port)}`,
    token: null,
    timeoutMs: 2000,
  });
  const health = await client.ask({ method: 'GET', path: '/healthz' }, z.object({ status: z.literal('ok'), version: z.string() }));
  return { host, port, state: health.ok ? 'scheduler' : 'in_use', reason: health.ok ? null : reason };
}

function whyNotListening(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => {
      resolve(codeOf(error));
    });
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => {
        resolve(null);
      });
    });
  });
}

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? 'unknown error';
