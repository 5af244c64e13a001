// Finds the manifests in the subfolders of the model folders. An invalid manifest becomes a problem of its folder and hides no other
// model.
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { codeOfError } from '../../../shared/errors';
import { MAX_MODELS } from '../../../shared/protocol/limits';
import { isInside } from './file-stat';
import { type Manifest, MANIFEST_NAME, MAX_MANIFEST_BYTES, parseManifest } from '../core/model-folders/manifest';
import type { ModelFolderProblem } from '../core/model-folders/local-model';

export interface ModelFolder {
  /** The configured path. */
  readonly folder: string;
  readonly realFolder: string;
  readonly manifest: Manifest;
}

export interface FoundManifests {
  readonly models: readonly ModelFolder[];
  readonly problems: readonly ModelFolderProblem[];
}

/** Limit of scanned subfolders per model folder. */
const MAX_SUBFOLDERS = 4096;

type ParsedManifests = Map<string, { readonly key: string; readonly outcome: ReturnType<typeof parseManifest> }>;

export class ManifestFinder {
  /** The parsed manifests, valid until the file changes. */
  #parsed: ParsedManifests = new Map();

  /** In the order of the folders, then by name. A repeated `model_id` belongs to the first manifest. */
  async find(folders: readonly string[]): Promise<FoundManifests> {
    const models = new Map<string, ModelFolder>();
    const problems: ModelFolderProblem[] = [];
    const before = this.#parsed;
    this.#parsed = new Map();
    for (const watched of folders) {
      const listed = await subfolders(watched);
      if ('reason' in listed) {
        problems.push({ ...listed, folder: watched, field: '' });
        continue;
      }
      for (const folder of listed) {
        const found = await this.#read(folder, before);
        if (found === null) continue;
        if ('reason' in found) {
          problems.push(found);
          continue;
        }
        const first = models.get(found.manifest.model_id);
        if (first !== undefined)
          problems.push({
            code: 'model_repeated',
            folder,
            field: 'model_id',
            reason: `${found.manifest.model_id} is already the model in ${first.folder}`,
          });
        else if (models.size >= MAX_MODELS)
          problems.push({ code: 'too_many_models', folder, field: '', reason: `more than ${String(MAX_MODELS)} models` });
        else models.set(found.manifest.model_id, found);
      }
    }
    return { models: [...models.values()], problems };
  }

  /** Null: the folder has no manifest. */
  async #read(folder: string, before: ParsedManifests): Promise<ModelFolder | ModelFolderProblem | null> {
    const file = path.join(folder, MANIFEST_NAME);
    const unreadable = (reason: string): ModelFolderProblem => ({
      code: 'file_unreadable',
      folder,
      field: '',
      reason: `${MANIFEST_NAME} ${reason}`,
    });
    try {
      const realFolder = await realpath(folder);
      const realFile = await realpath(file);
      if (!isInside(realFolder, realFile)) return unreadable('leads out of its folder');
      const found = await stat(realFile, { bigint: true });
      // Reading a pipe would never end.
      if (!found.isFile()) return unreadable('is not a file');
      const { size, mtimeNs, ino } = found;
      if (size > MAX_MANIFEST_BYTES) return unreadable(`is larger than ${String(MAX_MANIFEST_BYTES)} bytes`);
      const key = [size, mtimeNs, ino].join('|');
      const known = before.get(realFile);
      const outcome = known?.key === key ? known.outcome : parseManifest(await readFile(realFile, 'utf8'));
      this.#parsed.set(realFile, { key, outcome });
      return outcome.ok ? { folder, realFolder, manifest: outcome.value } : { folder, ...outcome.error };
    } catch (error) {
      const code = codeOfError(error) ?? 'unknown';
      return code === 'ENOENT' || code === 'ENOTDIR' ? null : unreadable(`cannot be read (${code})`);
    }
  }
}

/** Subfolders by name, or why they cannot be listed. */
async function subfolders(watched: string): Promise<readonly string[] | Pick<ModelFolderProblem, 'code' | 'reason'>> {
  try {
    const entries = await readdir(watched, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map((entry) => entry.name);
    return names
      .toSorted()
      .slice(0, MAX_SUBFOLDERS)
      .map((name) => path.join(watched, name));
  } catch (error) {
    const code = codeOfError(error) ?? 'unknown';
    return code === 'ENOENT'
      ? { code: 'folder_missing', reason: 'this folder does not exist' }
      : { code: 'folder_unreadable', reason: `this folder cannot be read (${code})` };
  }
}
