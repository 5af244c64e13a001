// Checks a value of a setting before it is written: the schema of its key, and what only the user of the value knows.
import type { SettingValue } from '../../shared/api/settings';
import { fail, ok, type Result } from '../../shared/result';
import { parseSimulatedGpus } from '../hardware/decide/simulated';
import type { ConfigPath } from '../platform/config/keys';
import { parseValue } from '../platform/config/parse-value';
import type { TomlInput } from '../platform/config/toml-text';

/** The value as it is written, or the reason why the key does not accept it. */
export function checkSetting(key: ConfigPath, value: Exclude<SettingValue, null>): Result<TomlInput, string> {
  const parsed = parseValue(key, value);
  if (!parsed.ok) return parsed;
  // The schemas keep the type of the value.
  const checked = parsed.value as TomlInput;
  if (!textsOf(checked).every((text) => !/\p{Surrogate}/u.test(text))) return fail('expected Unicode text');
  if (key !== 'agent.simulate_gpu' || typeof checked !== 'string') return ok(checked);
  return parseSimulatedGpus(checked).ok ? ok(checked) : fail('expected "NAME:GB", several separated by commas');
}

function textsOf(value: TomlInput): readonly string[] {
  if (typeof value === 'number' || typeof value === 'boolean') return [];
  return typeof value === 'string' ? [value] : value;
}
