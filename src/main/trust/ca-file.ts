// The file of the CA of the pool that this computer hosts, and its pin.
import { readFile } from 'node:fs/promises';
import { pinOf } from './verify-chain';

/** In the data folder. Other programs trust it. */
export const CA_FILE = 'ca.pem';

/** Null: there is no such certificate. */
export async function pinInFile(file: string): Promise<string | null> {
  try {
    return pinOf(await readFile(file, 'utf8'));
  } catch {
    return null;
  }
}
