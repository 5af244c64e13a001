import { expect, test } from 'vitest';
import { choosePath, type PathKind } from '../../../src/main/settings/choose-path';

/** The dialog of the system, which answers with this path. Null: the user closed it. */
function dialog(path: string | null) {
  const asked: PathKind[] = [];
  const show = (kind: PathKind): Promise<string | null> => {
    asked.push(kind);
    return Promise.resolve(path);
  };
  return { asked, show };
}

test.each([
  ['agent.model_folders', 'folder'],
  ['agent.token_file', 'file'],
  ['server.tls_cert_file', 'file'],
  ['cluster.bus_ca_file', 'file'],
] as const)('%s -> dialog for a %s, the chosen path', async (key, kind) => {
  const { asked, show } = dialog('/srv/chosen');
  expect(await choosePath(key, show)).toEqual({ ok: true, value: { path: '/srv/chosen' } });
  expect(asked).toEqual([kind]);
});

test('dialog closed -> no path', async () => {
  expect(await choosePath('agent.model_folders', dialog(null).show)).toEqual({ ok: true, value: { path: null } });
});

test.each(['agent.name', 'agent.gpus', 'server.port', 'agent.nothing'])('%s has no path -> refused, no dialog', async (key) => {
  const { asked, show } = dialog('/srv/chosen');
  expect(await choosePath(key, show)).toMatchObject({ ok: false, error: { code: 'INVALID_REQUEST', details: { field: 'key' } } });
  expect(asked).toEqual([]);
});

test('program without a window -> not available here', async () => {
  expect(await choosePath('agent.model_folders', undefined)).toMatchObject({ ok: false, error: { code: 'NOT_AVAILABLE_HERE' } });
});
