// The manifests below the watched folders: each sub-folder with a `muster-model.json`. What can't be taken becomes a problem
// of its folder and hides no other model.
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { MAX_MODELS } from '../../../shared/protocol/limits';
import { codeOf, isInside } from './file-look';
import { type Manifest, MANIFEST_NAME, MAX_MANIFEST_BYTES, parseManifest } from '../core/model-folders/manifest';
import type { ModelFolderProblem } from '../core/model-folders/local-model';

export interface FoundModel {
  /** As the owner knows it. */
  readonly folder: string;
  readonly realFolder: string;
  readonly manifest: Manifest;
}

export interface FoundManifests {
  readonly models: readonly FoundModel[];
  readonly problems: readonly ModelFolderProblem[];
}

/** Sub-folders looked at in one watched folder. */
const MAX_SUBFOLDERS = 4096;

type Parsed = ReturnType<typeof parseManifest>;

export class ManifestFinder {
  /** What each manifest said, until the file changes. */
  private parsed = new Map<string, { readonly key: string; readonly outcome: Parsed }>();

  /** In the order of the folders, then by name. A `model_id` that comes twice belongs to the first. */
  async find(folders: readonly string[]): Promise<FoundManifests> {
    const models = new Map<string, FoundModel>();
    const problems: ModelFolderProblem[] = [];
    const before = this.parsed;
    this.parsed = new Map();
    for (const watched of folders) {
      const listed = await subfolders(watched);
      if (typeof listed === 'string') {
        problems.push({ folder: watched, field: '', reason: listed });
        continue;
      }
      for (const folder of listed) {
        const found = await this.read(folder, before);
        if (found === null) continue;
        if ('reason' in found) {
          problems.push(found);
          continue;
        }
        const first = models.get(found.manifest.model_id);
        if (first !== undefined)
          problems.push({ folder, field: 'model_id', reason: `${found.manifest.model_id} is already the model in ${first.folder}` });
        else if (models.size >= MAX_MODELS) problems.push({ folder, field: '', reason: `more than ${String(MAX_MODELS)} models` });
        else models.set(found.manifest.model_id, found);
      }
    }
    return { models: [...models.values()], problems };
  }

  /** Null: the folder is no model's. */
  private async read(folder: string, before: typeof this.parsed): Promise<FoundModel | ModelFolderProblem | null> {
    const file = path.join(folder, MANIFEST_NAME);
    try {
      const realFolder = await realpath(folder);
      const realFile = await realpath(file);
      if (!isInside(realFolder, realFile)) return { folder, field: '', reason: `${MANIFEST_NAME} leads out of its folder` };
      const found = await stat(realFile, { bigint: true });
      // A pipe would be waited for without end.
      if (!found.isFile()) return { folder, field: '', reason: `${MANIFEST_NAME} is no file` };
      const { size, mtimeNs, ino } = found;
      if (size > MAX_MANIFEST_BYTES)
        return { folder, field: '', reason: `${MANIFEST_NAME} is larger than ${String(MAX_MANIFEST_BYTES)} bytes` };
      const key = [size, mtimeNs, ino].join('|');
      const known = before.get(realFile);
      const outcome = known?.key === key ? known.outcome : parseManifest(await readFile(realFile, 'utf8'));
      this.parsed.set(realFile, { key, outcome });
      return outcome.ok ? { folder, realFolder, manifest: outcome.value } : { folder, ...outcome.error };
    } catch (error) {
      const code = codeOf(error);
      return code === 'ENOENT' || code === 'ENOTDIR' ? null : { folder, field: '', reason: `${MANIFEST_NAME} can't be read (${code})` };
    }
  }
}

/** Sub-folders by name, or why there are none. */
async function subfolders(watched: string): Promise<readonly string[] | string> {
  try {
    const entries = await readdir(watched, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map((entry) => entry.name);
    return names
      .toSorted()
      .slice(0, MAX_SUBFOLDERS)
      .map((name) => path.join(watched, name));
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' ? 'this folder does not exist' : `this folder can't be read (${code})`;
  }
}
