// The settings of the bus of a cluster (ADR 0056): requests on the bus carry credentials.
import { expect, test } from 'vitest';
import { CONFIG_KEYS } from '../../../../src/main/platform/config/keys';
import { loadConfig } from '../../../../src/main/platform/config/load-config';

const { schema } = CONFIG_KEYS['cluster.bus_url'];
const reasonOf = (value: unknown): string | null => schema.safeParse(value).error?.issues[0]?.message ?? null;

test.each([
  'tls://bus1.example,tls://bus2.example:4223',
  'nats://127.0.0.1:4222',
  'nats://localhost, nats://[::1]:4223',
  'tls://[fd00::7]:4222/',
])('%s -> accepted', (url) => {
  expect(reasonOf(url)).toBeNull();
});

test.each([
  ['a server on another computer without TLS', 'nats://bus1.example', /needs TLS/],
  ['one of two without TLS', 'nats://127.0.0.1,nats://10.0.0.2', /needs TLS/],
  ['a name that begins as loopback', 'nats://127.0.0.1.example', /needs TLS/],
  ['two schemes', 'nats://127.0.0.1,tls://bus1.example', /one scheme/],
  ['a password', 'tls://muster:secret@bus1.example', /cluster\.bus_credentials_file/],
  ['another protocol', 'ws://bus1.example', /expected an address such as/],
  ['no address', '', /expected an address such as/],
])('%s -> refused', (_case, url, reason) => {
  expect(reasonOf(url)).toMatch(reason);
});

const load = (env: Readonly<Record<string, string>>) =>
  loadConfig({ flags: {}, env, configFile: '/nonexistent/muster.toml', explicitFile: false });
const CLUSTER = { MUSTER_CLUSTER_DATABASE_URL: 'postgres://muster@db.example/muster' };

test('a CA file without tls:// -> refused', async () => {
  const loaded = await load({ ...CLUSTER, MUSTER_CLUSTER_BUS_URL: 'nats://127.0.0.1', MUSTER_CLUSTER_BUS_CA_FILE: '/ca.pem' });
  expect(loaded).toMatchObject({ ok: false, error: { reason: 'bus_ca_file needs a bus_url with tls://' } });
});

test('a bus without a database of the cluster -> refused', async () => {
  const loaded = await load({ MUSTER_CLUSTER_BUS_URL: 'nats://127.0.0.1' });
  expect(loaded).toMatchObject({ ok: false, error: { reason: 'bus_url needs a database_url' } });
});

test('a cluster with a bus -> its settings', async () => {
  const file = '/etc/muster/bus-credentials';
  const loaded = await load({ ...CLUSTER, MUSTER_CLUSTER_BUS_URL: 'tls://bus1.example', MUSTER_CLUSTER_BUS_CREDENTIALS_FILE: file });
  const bus = { url: 'tls://bus1.example', credentialsFile: file, caFile: null };
  expect(loaded).toMatchObject({ ok: true, value: { config: { cluster: { bus } } } });
});
