// A ZIP archive of texts. The compression runs in the threads of Node's zlib, so that the event loop goes on.
import type { DiagnosticsFile } from '../../shared/api/logs';

/** The folder in the archive, and the name of its file without `.zip`, such as `muster-diagnostics-2026-11-30-021530`. */
export const archiveName = (madeWallMs: number): string =>
  `muster-diagnostics-${new Date(madeWallMs).toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '')}`;

/** `folder`: contains all files, so that unpacking does not spread them. */
export async function zipOf(folder: string, files: readonly Pick<DiagnosticsFile, 'name' | 'content'>[]): Promise<Buffer> {
  const { ZipFile } = await import('yazl');
  const zip = new ZipFile();
  for (const { name, content } of files) zip.addBuffer(Buffer.from(content), `${folder}/${name}`);
  zip.end();
  const pieces: Buffer[] = [];
  for await (const piece of zip.outputStream) pieces.push(Buffer.from(piece as Uint8Array));
  return Buffer.concat(pieces);
}
