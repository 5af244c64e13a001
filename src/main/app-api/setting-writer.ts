// Writes settings that the agent computes from their present values. One write after the other: each starts from the values of the one before.
import type { Outcome } from '../../shared/api/app-api';
import { notAvailableHere } from '../contracts/app-errors';
import type { AgentPort, SettingChange, SettingsPort } from '../contracts/ports';
import { mapped } from './outcomes';

export type SettingWriter = (changesOf: (agent: AgentPort) => Outcome<readonly SettingChange[]>) => Promise<Outcome<Record<string, never>>>;

export function settingWriter(agent: AgentPort | null, settings: SettingsPort | null): SettingWriter {
  let last: Promise<unknown> = Promise.resolve();
  return (changesOf) => {
    const written = last.then(async (): Promise<Outcome<Record<string, never>>> => {
      if (agent === null || settings === null) return notAvailableHere();
      const changes = changesOf(agent);
      return changes.ok ? mapped(await settings.set(changes.value), () => ({})) : changes;
    });
    last = written.catch(() => undefined);
    return written;
  };
}
