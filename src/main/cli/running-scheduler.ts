// Where the scheduler of a data folder listens: `scheduler.json`. So commands find it also where its flags or its environment had another
// address than the configuration file.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { parseJson } from '../../shared/json';
import { replaceFile } from '../platform/atomic-file';
import { processIn, processRecord, smallText } from '../platform/process-record';
import type { Settings } from './settings';

const addressSchema = z.object({ host: z.string().min(1).max(255), port: z.number().int().min(1).max(65_535) });
export type ListeningAddress = z.infer<typeof addressSchema>;

const fileIn = (dataDir: string): string => path.join(dataDir, 'scheduler.json');

/** For a scheduler that listens now. Returns what removes the file. When the disk refuses, commands use the configuration. */
export async function publishAddress(dataDir: string, { host, port }: ListeningAddress): Promise<() => void> {
  const file = fileIn(dataDir);
  const content = JSON.stringify({ ...processRecord(), host, port });
  await replaceFile(file, content);
  return () => {
    if (smallText(file) === content) rmSync(file, { force: true });
  };
}

/** Where the scheduler on this computer listens, or would listen with this configuration. Flags of the command come first. */
export function schedulerHere({ config, origins, paths }: Pick<Settings, 'config' | 'origins' | 'paths'>): ListeningAddress {
  const { host, port } = config.server;
  const file = fileIn(paths.dataDir);
  const isNamed = [origins['server.host'], origins['server.port']].some(({ from }) => from === 'flag');
  if (isNamed || processIn(file) === null) return { host, port };
  const running = addressSchema.safeParse(parseJson(smallText(file)));
  return running.success ? running.data : { host, port };
}
