// Reads the real path, the size and the cache key of a model's file, without its content.
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { codeOfError } from '../../../shared/errors';

export type FileStat =
  | { readonly kind: 'missing' }
  | { readonly kind: 'present'; readonly realPath: string; readonly sizeBytes: number; readonly mtimeMs: number; readonly key: string }
  /** A link leads out of the model's folder. */
  | { readonly kind: 'escapes' }
  | { readonly kind: 'unreadable'; readonly code: string };

/** Suffixes of the temporary files of downloaders. */
const PARTIAL_SUFFIXES = ['.part', '.incomplete', '.crdownload', '.partial', '.download'] as const;

/** `relative` is below `realFolder`, which is a real path. Links are followed only inside the folder. */
export async function statFile(realFolder: string, relative: string): Promise<FileStat> {
  try {
    const realPath = await realpath(path.join(realFolder, relative));
    if (!isInside(realFolder, realPath)) return { kind: 'escapes' };
    const found = await stat(realPath, { bigint: true });
    if (!found.isFile()) return { kind: 'unreadable', code: 'not_a_file' };
    return { kind: 'present', realPath, sizeBytes: Number(found.size), mtimeMs: Number(found.mtimeMs), key: versionKey(realPath, found) };
  } catch (error) {
    const code = codeOfError(error) ?? 'unknown';
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'missing' } : { kind: 'unreadable', code };
  }
}

/** Identifies one version of one file: every write changes the key. */
export const versionKey = (realPath: string, { size, mtimeNs, ino }: { size: bigint; mtimeNs: bigint; ino: bigint }): string =>
  [realPath, size, mtimeNs, ino].join('|');

/** The size of a downloader's temporary file for this file. Null: there is none. */
export async function statPartialFile(realFolder: string, relative: string): Promise<number | null> {
  for (const suffix of PARTIAL_SUFFIXES) {
    const found = await statFile(realFolder, relative + suffix);
    if (found.kind === 'present') return found.sizeBytes;
  }
  return null;
}

export function isInside(folder: string, candidate: string): boolean {
  const relative = path.relative(folder, candidate);
  return relative !== '' && !path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..';
}
