// A look at one file of a model: where it really is, how large, and the key its checksum is cached by. Reads no content.
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';

export type FileLook =
  | { readonly kind: 'missing' }
  | { readonly kind: 'present'; readonly realPath: string; readonly sizeBytes: number; readonly mtimeMs: number; readonly key: string }
  /** Links lead out of the model's folder. */
  | { readonly kind: 'escapes' }
  | { readonly kind: 'unreadable'; readonly code: string };

/** Names under which downloaders keep a file until it is whole. */
const PARTIAL_SUFFIXES = ['.part', '.incomplete', '.crdownload', '.partial', '.download'] as const;

/** Looks at `relative` below `realFolder`, itself a real path. Follows links only while they stay inside. */
export async function lookAtFile(realFolder: string, relative: string): Promise<FileLook> {
  try {
    const realPath = await realpath(path.join(realFolder, relative));
    if (!isInside(realFolder, realPath)) return { kind: 'escapes' };
    const found = await stat(realPath, { bigint: true });
    if (!found.isFile()) return { kind: 'unreadable', code: 'not_a_file' };
    return { kind: 'present', realPath, sizeBytes: Number(found.size), mtimeMs: Number(found.mtimeMs), key: versionKey(realPath, found) };
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'missing' } : { kind: 'unreadable', code };
  }
}

/** Names one version of one file: anything written to it changes the key. */
export const versionKey = (realPath: string, { size, mtimeNs, ino }: { size: bigint; mtimeNs: bigint; ino: bigint }): string =>
  [realPath, size, mtimeNs, ino].join('|');

/** The part of a file that a downloader keeps beside its final place; null: there is none. */
export async function lookAtPart(realFolder: string, relative: string): Promise<number | null> {
  for (const suffix of PARTIAL_SUFFIXES) {
    const look = await lookAtFile(realFolder, relative + suffix);
    if (look.kind === 'present') return look.sizeBytes;
  }
  return null;
}

export function isInside(folder: string, candidate: string): boolean {
  const relative = path.relative(folder, candidate);
  return relative !== '' && !path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..';
}

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
