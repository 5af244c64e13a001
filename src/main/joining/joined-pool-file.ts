// `joined-pool.json` in the state folder, mode 0600: it holds a credential. No error repeats its content.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseJson } from '../../shared/json';
import { writeFileAtomic } from '../platform/atomic-file';
import { type JoinedPool, joinedPoolSchema } from './core/joined-pool';

export const joinedPoolFile = (stateDir: string): string => path.join(stateDir, 'joined-pool.json');

/** Null: this computer joined no pool by digits, or the file cannot be used. */
export async function readJoinedPool(stateDir: string): Promise<JoinedPool | null> {
  try {
    const parsed = joinedPoolSchema.safeParse(parseJson(await readFile(joinedPoolFile(stateDir), 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Throws the error of the system. */
export function writeJoinedPool(stateDir: string, pool: JoinedPool): void {
  writeFileAtomic(joinedPoolFile(stateDir), `${JSON.stringify(pool, null, 2)}\n`);
}
