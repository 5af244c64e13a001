// The downloads that the owner requested or paused, beside the models that the configuration wants: what each act of the owner changes. A
// request ends when a runtime lists the model. Names are as Ollama lists them; Ollama ignores their case.
import { fail, ok, type Result } from '../../../../shared/result';
import { listedName, listedNames } from './pull-machine';

/** They survive a restart. */
export interface Downloads {
  readonly requested: readonly string[];
  readonly paused: readonly string[];
}
export const NO_DOWNLOADS: Downloads = { requested: [], paused: [] };
export const MAX_DOWNLOADS = 64;

/** Why a download cannot be changed. `configured`: the configuration wants the model. */
export type DownloadFault = 'no_download' | 'configured' | 'too_many_downloads';

/** A model and the downloads after an act on it. */
export interface ChangedDownload {
  readonly name: string;
  readonly downloads: Downloads;
}

type Change = Result<ChangedDownload, DownloadFault>;

/** The requests of the owner come first. */
export const wantedNames = ({ requested }: Downloads, configured: readonly string[]): readonly string[] =>
  listedNames([...requested, ...configured]);

/** As it is listed. Null: not wanted. */
export function wantedName(downloads: Downloads, configured: readonly string[], model: string): string | null {
  const sought = listedName(model).toLowerCase();
  return wantedNames(downloads, configured).find((name) => name.toLowerCase() === sought) ?? null;
}

/** The model is downloaded, or its paused download continues. */
export function withRequest(downloads: Downloads, configured: readonly string[], model: string): Change {
  const known = wantedName(downloads, configured, model);
  const { requested, paused } = downloads;
  if (known !== null) return ok({ name: known, downloads: { requested, paused: without(paused, known) } });
  if (requested.length >= MAX_DOWNLOADS) return fail('too_many_downloads');
  const name = listedName(model);
  return ok({ name, downloads: { requested: [...requested, name], paused: without(paused, name) } });
}

export function withPause(downloads: Downloads, configured: readonly string[], model: string): Change {
  const name = wantedName(downloads, configured, model);
  if (name === null) return fail('no_download');
  const { requested, paused } = downloads;
  return ok({ name, downloads: { requested, paused: paused.includes(name) ? paused : [...paused, name] } });
}

/** The request of the owner ends. */
export function withoutRequest(downloads: Downloads, configured: readonly string[], model: string): Change {
  const name = wantedName(downloads, configured, model);
  if (name === null) return fail('no_download');
  if (configured.includes(name)) return fail('configured');
  return ok({ name, downloads: { requested: without(downloads.requested, name), paused: without(downloads.paused, name) } });
}

/** `missing`: the wanted models that no runtime lists. The others are downloaded, or not wanted any more. */
export const onlyMissing = ({ requested, paused }: Downloads, missing: readonly string[]): Downloads => ({
  requested: requested.filter((name) => missing.includes(name)),
  paused: paused.filter((name) => missing.includes(name)),
});

const without = (names: readonly string[], left: string): readonly string[] => names.filter((name) => name !== left);
