// The three files that the app gives to the program that installs an update as root.
import type { KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { signatureOf } from '../../scripts/release/signing.mjs';
import type { DebFiles } from '../../src/main/updates/core/install-command';
import { metadataName } from '../../src/main/updates/core/release';
import { metadataOf, type TestRelease } from './release-server';

/** In the order of the command line. */
export const updateFilesIn = (folder: string): DebFiles => ({
  metadata: path.join(folder, 'update.deb.yml'),
  signature: path.join(folder, 'update.deb.yml.sig'),
  package: path.join(folder, 'update.deb'),
});

interface Signing {
  readonly signer: KeyObject;
  /** Else that of this system. */
  readonly name?: string;
}

export function writeUpdateFiles(
  files: DebFiles,
  release: TestRelease,
  { signer, name = metadataName('deb', process.arch) }: Signing,
): void {
  const text = metadataOf(release);
  writeFileSync(files.metadata, text);
  writeFileSync(files.signature, signatureOf(signer, name, Buffer.from(text)));
  writeFileSync(files.package, release.content);
}
