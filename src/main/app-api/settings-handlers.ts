// The operations about the settings of this program.
import { ok } from '../../shared/result';
import { notAvailableHere } from '../contracts/app-errors';
import type { SettingsPort } from '../contracts/ports';
import type { OperationHandlers } from './operation-types';
import { emptied } from './outcomes';

type SettingsOperation = Extract<keyof OperationHandlers, `settings.${string}`>;

export const settingsHandlers = (settings: SettingsPort | null): Pick<OperationHandlers, SettingsOperation> => ({
  'settings.list': () => (settings === null ? notAvailableHere() : ok(settings.list())),
  'settings.set': ({ key, value, with: others }) => settings?.set([{ key, value }, ...others]) ?? notAvailableHere(),
  'settings.open_folder': async ({ folder }) => emptied(await settings?.openFolder(folder)),
  'settings.choose_path': ({ key }) => settings?.choosePath(key) ?? notAvailableHere(),
  'settings.reset': ({ key }) => settings?.set([{ key, value: null }]) ?? notAvailableHere(),
});
