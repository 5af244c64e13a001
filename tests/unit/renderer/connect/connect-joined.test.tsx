// Connect programs on a computer that joined a pool: who makes its keys, and the CA as a file.
import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import type { PoolState } from '../../../../src/shared/api/app-state';
import { goTo } from '../../../../src/renderer/store/use-route';
import { fail, ok } from '../../../../src/shared/result';
import { agentView } from '../../../fixtures/app-states/agents';
import { NOW } from '../../../fixtures/app-states/moment';
import { joinedPool } from '../../../fixtures/app-states/pools';
import { appState } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const models = ok({
  models: [
    { model_id: 'qwen3:8b', kind: 'llm', tasks: ['/v1/chat/completions'], nodes_ready: 3, nodes_loaded: 0 },
    { model_id: 'gpt-oss:120b', kind: 'llm', tasks: null, nodes_ready: 4, nodes_loaded: 3 },
    { model_id: 'embed', kind: 'embedding', tasks: ['/v1/embeddings'], nodes_ready: 1, nodes_loaded: 1 },
  ],
});
const textOf = (name: string): string => screen.getByLabelText(name, { selector: 'pre' }).textContent;

describe('joined computer', () => {
  const caFile = '/home/ming/.local/state/muster/ca-sha256-x.pem';
  const joined = (rights: PoolState['rights']) =>
    appState({
      host: null,
      pool: joinedPool({ rights }),
      agent: agentView({
        link: { state: 'connected', scheduler_url: 'wss://192.168.1.20:7080', pin: 'sha256-x', since: NOW, latency_ms: 1 },
        pool_ca_file: caFile,
      }),
    });

  test('role without keys -> who gives one, where; the CA is a file of this computer', async () => {
    show(joined(['submit_jobs']), { page: 'connect', answers: { 'pool.models': models } });
    await screen.findByText('Your role cannot create keys. Ask the owner for one.');
    expect(await screen.findByText('Sends one request to gpt-oss:120b with your own rights. It does not test a key.')).toBeTruthy();
    expect(screen.getByText('https://192.168.1.20:7080/#/members')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Create key and copy' })).toBeNull();
    expect(textOf('curl')).toContain(`--cacert ${caFile}`);
    act(() => goTo({ page: 'connect', id: 'queued_job' }));
    expect(textOf('POST /api/v1/jobs')).toContain(`curl https://192.168.1.20:7080/api/v1/jobs \\\n  --cacert ${caFile}`);
    expect(textOf('muster')).toContain('muster submit --url https://192.168.1.20:7080#pin=sha256-x');
    act(() => goTo({ page: 'connect', id: 'python' }));
    expect(textOf('Python')).toContain('base_url="https://192.168.1.20:7080/v1"');
    expect(textOf('Python')).toContain(`cafile="${caFile}"`);
    act(() => goTo({ page: 'connect', id: 'javascript' }));
    expect(textOf('program.mjs')).toMatch(/^import OpenAI /);
    expect(textOf('Terminal')).toBe(`NODE_EXTRA_CA_CERTS=${caFile} node program.mjs`);
    // What must be known before the start is above the program.
    const blocks = [...document.querySelectorAll('main pre')].map((pre) => pre.getAttribute('aria-label'));
    expect(blocks.slice(1)).toEqual(['Terminal', 'program.mjs']);
    const order = screen.getByText('Certificate').compareDocumentPosition(screen.getByLabelText('Terminal'));
    expect(order & Node.DOCUMENT_POSITION_FOLLOWING).not.toBe(0);
  });

  test('contributor -> a key with one click; a name that another has -> the next number', async () => {
    const { api } = show(joined(['submit_jobs', 'make_keys']), {
      page: 'connect/python',
      answers: { 'pool.models': models, 'keys.create': fail({ code: 'INVALID_STATE', message: '', details: { reason: 'name_taken' } }) },
    });
    const create = api.call.bind(api);
    vi.spyOn(api, 'call').mockImplementation((name, params) => {
      const answer = create(name, params);
      if (name === 'keys.create') api.answer('keys.create', ok({ id: 'key-1', name: 'x', key: 'mk_a-secret-key' }));
      return answer;
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Create key and copy' }));
    await waitFor(() => expect(textOf('Python')).toContain('api_key="mk_••••••••••••"'));
    expect(api.userCalls.map(({ params }) => params)).toEqual([{ name: 'Python' }, { name: 'Python 2' }]);
    expect(screen.queryByText(/Ask the owner for one/)).toBeNull();
  });

  test('20 keys -> why there is no other, and what to do', async () => {
    show(joined(['submit_jobs', 'make_keys']), {
      page: 'connect/python',
      answers: {
        'pool.models': models,
        'keys.create': fail({ code: 'INVALID_STATE', message: '', details: { reason: 'too_many_keys', max: 20 } }),
      },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Create key and copy' }));
    expect(await screen.findByText(/This computer has 20 valid keys.* Revoke one on the page Members/)).toBeTruthy();
  });

  test('role of an owner -> a key with one click', async () => {
    const { api } = show(joined(['submit_jobs', 'manage']), {
      page: 'connect/python',
      answers: { 'pool.models': models, 'keys.create': ok({ id: 'key-1', name: 'x', key: 'mk_a-secret-key' }) },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Create key and copy' }));
    await waitFor(() => expect(textOf('Python')).toContain('api_key="mk_••••••••••••"'));
    expect(api.userCalls.map(({ name }) => name)).toEqual(['keys.create']);
  });

  test('older agent -> ca.pem, and where it is', async () => {
    const state = joined(['submit_jobs']);
    show(
      { ...state, agent: state.agent && { ...state.agent, pool_ca_file: null } },
      { page: 'connect/python', answers: { 'pool.models': models } },
    );
    expect(await screen.findByText('The certificate of the pool, ca.pem, is in the data folder of Muster on the host.')).toBeTruthy();
    expect(textOf('Python')).toContain('cafile="ca.pem"');
  });
});
