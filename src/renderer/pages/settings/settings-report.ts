// The settings that differ from their defaults as text, for a support request. The configuration has no secrets.
import type { AppInfo } from '../../../shared/api/app-state';
import type { SettingOrigin, SettingsView } from '../../../shared/api/settings';

export function settingsReport({ file, fault, settings }: SettingsView, { version, mode, platform }: AppInfo): string {
  const changed = settings.filter(({ origin }) => origin.from !== 'default');
  return [
    `Muster ${version}, ${mode}, ${platform}`,
    file,
    ...(fault === null ? [] : [`invalid: ${fault.key ?? ''} ${fault.reason}`]),
    ...changed.map(({ key, value, running, origin }) => {
      const now = running === undefined ? '' : `, now ${JSON.stringify(running)}`;
      return `${key} = ${JSON.stringify(value)}  (${originOf(origin)}${now})`;
    }),
    '',
  ].join('\n');
}

function originOf(origin: SettingOrigin): string {
  switch (origin.from) {
    case 'flag':
    case 'env':
      return origin.name;
    case 'file':
      return origin.line === null ? 'file' : `line ${String(origin.line)}`;
    case 'app':
    case 'default':
      return origin.from;
  }
}
