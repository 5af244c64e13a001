// Rules between several keys (lifecycle §5): values that are valid alone and invalid together.
import { isLoopbackUrlHost } from '../../../shared/loopback';
import { hostOf, LOCAL_RUNTIME_URLS, parseKeyFile, parseRuntimeUrl } from '../runtime-url';
import type { ConfigPath, ConfigValues } from './keys';

export interface BrokenRelation {
  /** The keys of the rule. The error names the first one that is configured. */
  readonly keys: readonly [ConfigPath, ConfigPath];
  readonly reason: string;
}

/** The first rule that does not hold, or null. */
export function brokenRelation(values: ConfigValues): BrokenRelation | null {
  const health = 'scheduler.node_health.';
  const timeout = values[`${health}heartbeat_timeout_seconds`];
  const interval = values[`${health}heartbeat_interval_seconds`];
  if (timeout <= interval) {
    return {
      keys: [`${health}heartbeat_timeout_seconds`, `${health}heartbeat_interval_seconds`],
      reason: `heartbeat_timeout_seconds (${String(timeout)}) must be more than heartbeat_interval_seconds (${String(interval)})`,
    };
  }
  const size = values[`${health}failure_rate_window_size`];
  const failures = values[`${health}failure_rate_threshold`];
  if (size < failures) {
    return {
      keys: [`${health}failure_rate_window_size`, `${health}failure_rate_threshold`],
      reason: `failure_rate_window_size (${String(size)}) must not be less than failure_rate_threshold (${String(failures)})`,
    };
  }
  return samePort(values) ?? strayBus(values) ?? halfCertificate(values) ?? foreignRuntime(values) ?? strayKey(values);
}

function samePort(values: ConfigValues): BrokenRelation | null {
  if (values['server.ollama_port'] === 0 || values['server.ollama_port'] !== values['server.port']) return null;
  return { keys: ['server.ollama_port', 'server.port'], reason: 'ollama_port must differ from port, which has the same paths' };
}

function strayBus(values: ConfigValues): BrokenRelation | null {
  if (values['cluster.bus_url'] !== null && values['cluster.database_url'] === null)
    return { keys: ['cluster.bus_url', 'cluster.database_url'], reason: 'bus_url needs a database_url' };
  if (values['cluster.bus_ca_file'] === null || values['cluster.bus_url']?.startsWith('tls://') === true) return null;
  return { keys: ['cluster.bus_ca_file', 'cluster.bus_url'], reason: 'bus_ca_file needs a bus_url with tls://' };
}

function halfCertificate(values: ConfigValues): BrokenRelation | null {
  if ((values['server.tls_cert_file'] === null) === (values['server.tls_key_file'] === null)) return null;
  return { keys: ['server.tls_cert_file', 'server.tls_key_file'], reason: 'tls_cert_file and tls_key_file must be set together' };
}

function foreignRuntime(values: ConfigValues): BrokenRelation | null {
  for (const address of values['runtimes.urls']) {
    const url = parseRuntimeUrl(address);
    if (!url.ok) continue;
    const host = hostOf(url.value);
    if (isLoopbackUrlHost(host) || values['runtimes.allowed_hosts'].includes(host)) continue;
    return {
      keys: ['runtimes.urls', 'runtimes.allowed_hosts'],
      reason: `${host} is not this computer: add the host to allowed_hosts if jobs may be sent there`,
    };
  }
  return null;
}

const hrefOf = (address: string): string => {
  const url = parseRuntimeUrl(address);
  return url.ok ? url.value.href : address;
};

function strayKey(values: ConfigValues): BrokenRelation | null {
  const known = new Set([...values['runtimes.urls'], ...LOCAL_RUNTIME_URLS].map(hrefOf));
  for (const text of values['runtimes.api_key_files']) {
    const key = parseKeyFile(text);
    if (!key.ok || known.has(key.value.url.href)) continue;
    return {
      keys: ['runtimes.api_key_files', 'runtimes.urls'],
      reason: `${key.value.url.href} is not the address of a model server: add it to urls`,
    };
  }
  return null;
}
