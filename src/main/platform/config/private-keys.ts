// Settings with names of people, computers and programs. A report shows that they are set, but not these names. Pure.
import { HIDDEN_NAME, shownHost } from '../../../shared/redact';
import type { ConfigPath } from './keys';

/** Hidden as a whole. */
const NAME_KEYS: ReadonlySet<string> = new Set<ConfigPath>([
  'agent.name',
  'agent.full_screen_exceptions',
  'agent.pause_for_programs',
  'cluster.member_name',
  'runtimes.allowed_hosts',
  'server.allowed_hosts',
]);
/** Addresses: the host name is hidden. */
const ADDRESS_KEYS: ReadonlySet<string> = new Set<ConfigPath>([
  'agent.scheduler',
  'agent.other_schedulers',
  'cluster.database_url',
  'cluster.address',
  'cluster.bus_url',
  'runtimes.urls',
  'runtimes.api_key_files',
]);

/** The user and the password of the address are left out. */
const HOST = /^([a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#]*@)?(\[[^\]]*\]|[^/:?#[\]]+)/i;

interface Reported<Origin> {
  readonly key: string;
  readonly value: unknown;
  readonly origin: Origin;
}

/** The settings as a report may show them. */
export const reportedSettings = <Origin>(settings: readonly Reported<Origin>[]): readonly Reported<Origin>[] =>
  settings.map(({ key, value, origin }) => ({ key, value: reportedValue(key, value), origin }));

/** The value of a setting as a report may show it. */
export function reportedValue(key: string, value: unknown): unknown {
  if (NAME_KEYS.has(key)) return mapped(value, () => HIDDEN_NAME);
  return ADDRESS_KEYS.has(key) ? mapped(value, withoutHostName) : value;
}

/** An array keeps its length. Null: not set. */
function mapped(value: unknown, hide: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => mapped(item, hide));
  if (value === null || value === undefined) return value;
  return typeof value === 'string' ? hide(value) : HIDDEN_NAME;
}

const withoutHostName = (address: string): string =>
  address.replace(HOST, (_all, scheme: string | undefined, host: string) => `${scheme ?? ''}${shownHost(host)}`);
