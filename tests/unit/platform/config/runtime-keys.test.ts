// The configuration keys of model servers: valid addresses, and other hosts only when the owner allows them.
import { describe, expect, test } from 'vitest';
import { configErrorText } from '../../../../src/main/platform/config/config-error';
import { loadConfig } from '../../../../src/main/platform/config/load-config';

async function load(env: Record<string, string>) {
  const prefixed = Object.fromEntries(Object.entries(env).map(([name, value]) => [`MUSTER_RUNTIMES_${name}`, value]));
  const outcome = await loadConfig({ flags: {}, env: prefixed, configFile: '/nowhere/config.toml', explicitFile: false });
  return outcome.ok ? outcome.value.config.runtimes : configErrorText(outcome.error);
}

describe('address', () => {
  test.each(['http://127.0.0.1:5000', 'http://localhost:5000/base/', 'https://[::1]:8443', 'http://127.1:5000', 'http://gpu.localhost:1'])(
    'address: this computer -> valid: %s',
    async (url) => {
      expect(await load({ URLS: url })).toMatchObject({ urls: [url] });
    },
  );

  test.each([
    ['ftp://127.0.0.1', 'expected an address'],
    ['127.0.0.1:5000', 'expected an address'],
    ['http://me:secret@127.0.0.1', 'no user name or password'],
    ['http://127.0.0.1/?key=1', 'ends with its path'],
    ['http://127.0.0.1/#x', 'ends with its path'],
    ['http://192.168.1.20:8000', '192.168.1.20 is not this computer'],
    ['http://127.0.0.1.example.org', '127.0.0.1.example.org is not this computer'],
    ['http://localhost.example.org', 'is not this computer'],
  ])('address: %s -> invalid', async (url, reason) => {
    expect(await load({ URLS: url })).toContain(reason);
  });

  test('address: another host, named in allowed_hosts in any case -> valid', async () => {
    expect(await load({ URLS: 'http://GPU-2:8000', ALLOWED_HOSTS: 'Gpu-2' })).toMatchObject({ allowedHosts: ['gpu-2'] });
  });
});

describe('key file', () => {
  test('key file: of a usual or configured address -> valid', async () => {
    const files = 'http://127.0.0.1:8000=/k/a,http://localhost:5000/=/k/b=c';
    expect(await load({ URLS: 'http://localhost:5000', API_KEY_FILES: files })).toMatchObject({ apiKeyFiles: files.split(',') });
  });

  test.each([
    ['/k/a', 'expected `URL=FILE`'],
    ['http://127.0.0.1:8000=', 'expected `URL=FILE`'],
    ['http://127.0.0.1:8001=/k/a', 'http://127.0.0.1:8001/ is not the address of a model server'],
  ])('key file: %s -> invalid', async (text, reason) => {
    expect(await load({ API_KEY_FILES: text })).toContain(reason);
  });
});

describe('pulled model', () => {
  test('pulled model: the name as for `ollama pull` -> valid', async () => {
    const names = 'llama3.2,llama3.2:3b,hf.co/org/Repo-GGUF:Q4_K_M,hub.local:5000/me/mine';
    expect(await load({ PULL_MODELS: names })).toMatchObject({ pullModels: names.split(',') });
  });

  test.each(['--insecure', 'a b', 'a\nb', '../a', 'x'.repeat(257)])('pulled model: %j -> invalid', async (name) => {
    expect(await load({ PULL_MODELS: name })).toContain('runtimes.pull_models');
  });
});
