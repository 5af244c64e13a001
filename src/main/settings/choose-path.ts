// The folder or the file of a setting, which the user chooses in a dialog of the system. The page names the setting, and the setting decides
// what can be chosen.
import type { Outcome } from '../../shared/api/app-api';
import type { ChosenPath } from '../../shared/api/settings';
import { ok } from '../../shared/result';
import { failure, notAvailableHere } from '../contracts/app-errors';
import { isConfigPath } from '../platform/config/load-config';
import { controlOf } from '../platform/config/setting-facts';

export type PathKind = 'folder' | 'file';

/** Resolves to the chosen path; null: the user closed the dialog. */
export type ShowPathDialog = (kind: PathKind) => Promise<string | null>;

/** `show` undefined: this program has no window. */
export async function choosePath(key: string, show: ShowPathDialog | undefined): Promise<Outcome<ChosenPath>> {
  if (show === undefined) return notAvailableHere();
  const kind = pathKindOf(key);
  if (kind === null) return failure('INVALID_REQUEST', { field: 'key', reason: 'not a setting with a path' });
  return ok({ path: await show(kind) });
}

function pathKindOf(key: string): PathKind | null {
  const control = isConfigPath(key) ? controlOf(key) : null;
  if (control === 'paths') return 'folder';
  return control === 'path' ? 'file' : null;
}
