// Kinds of tasks on the page Connect programs: one list, one model, one key for programs and tasks.
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { goTo } from '../../../../src/renderer/store/use-route';
import { ok } from '../../../../src/shared/result';
import { headlessApp, hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const models = ok({
  models: [
    { model_id: 'gpt-oss:120b', kind: 'llm', tasks: ['/v1/chat/completions'], nodes_ready: 4, nodes_loaded: 3, abilities: { tools: true } },
    {
      model_id: 'gemma3:27b',
      kind: 'llm',
      tasks: ['/v1/chat/completions'],
      nodes_ready: 1,
      abilities: { vision: true, tools: false },
      context_tokens: 8192,
    },
    { model_id: 'bge-m3', kind: 'embedding', tasks: ['/v1/embeddings'], nodes_ready: 1, aliases: ['ada'] },
  ],
});
const state = () => hosting({ host: null, app: headlessApp() });
const showPage = (page: `connect/${string}`, answers = models) => show(state(), { page, answers: { 'pool.models': answers } });
const textOf = (name: string): string => screen.getByLabelText(name, { selector: 'pre' }).textContent;
const optionsOf = () => [...screen.getByRole<HTMLSelectElement>('combobox', { name: 'Model' }).options].map(({ value }) => value);
const open = (id: string) => act(() => goTo({ page: 'connect', id }));

describe('one page for programs and tasks', () => {
  test('tasks are a list beside the programs; one without a ready model has a mark', async () => {
    showPage('connect/embeddings');
    await waitFor(() => expect(textOf('Embeddings')).toContain('{"model":"bge-m3","input":"Hello"}'));
    const tasks = within(screen.getByRole('navigation', { name: 'Tasks' }));
    expect(tasks.getByText('Embeddings').getAttribute('aria-current')).toBe('true');
    expect(['Chat', 'Embeddings', 'Images'].map((name) => tasks.getByText(name).hasAttribute('data-empty'))).toEqual([false, false, true]);
    expect(['Chat', 'Images'].map((name) => tasks.getByText(name).querySelector('svg') !== null)).toEqual([false, true]);
    expect(within(screen.getByRole('navigation', { name: 'Programs' })).queryByText('Embeddings')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Test it' })).toBeNull();
  });

  test('the most used are first, then the chosen one; each of the others is once in the closed part', () => {
    showPage('connect/embeddings');
    const namesIn = (name: string) =>
      within(screen.getByRole('navigation', { name }))
        .getAllByRole('link')
        .map((link) => link.textContent);
    const common = ['curl', 'Python', 'JavaScript', 'Claude Code', 'Codex', 'Open WebUI', 'Continue'];
    expect(namesIn('Most used')).toEqual([...common, 'Embeddings']);
    expect(screen.getByRole('navigation', { name: 'Tasks' }).closest('details')?.open).toBe(false);
    expect(namesIn('Programs')).toEqual(['Anthropic', 'Ollama', 'LangChain', 'Cline', 'LibreChat', 'n8n', 'Home Assistant', 'LiteLLM']);
    expect(namesIn('Tasks')).toHaveLength(13);
    open('python');
    expect(namesIn('Most used')).toEqual(common);
  });

  test('two steps: the connection, then the example', () => {
    showPage('connect/curl');
    const steps = [...document.querySelectorAll('main h2')].map(({ textContent }) => textContent).filter((text) => /^\d/.test(text));
    expect(steps).toEqual(['1Connection', '2curl']);
  });

  test('one choice of the model: its list is that of the task, and it counts again for the programs', async () => {
    showPage('connect/curl');
    await waitFor(() => expect(optionsOf()).toEqual(['gpt-oss:120b', 'gemma3:27b', 'auto']));
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Model' }), 'gemma3:27b');
    open('embeddings');
    expect(optionsOf()).toEqual(['bge-m3', 'ada', 'auto']);
    expect(textOf('Embeddings')).toContain('"model":"bge-m3"');
    open('chat');
    expect(textOf('curl')).toContain('"model":"gemma3:27b"');
    expect(textOf('muster')).toContain('--model gemma3:27b');
  });

  test('no model for the task -> said, with the placeholder; no model at all -> said', async () => {
    showPage('connect/images');
    expect(await screen.findByText(/No ready model supports this task: Images\. The examples contain MODEL/)).toBeTruthy();
    expect(textOf('Images')).toContain('"model":"MODEL"');
    open('curl');
    expect(screen.queryByText(/The examples contain MODEL/)).toBeNull();
  });

  test('only models that cannot chat -> programs have a placeholder, and it says why', async () => {
    showPage('connect/curl', ok({ models: models.value.models.slice(2) }));
    expect(await screen.findByText(/No ready model can chat\./)).toBeTruthy();
    expect(textOf('curl')).toContain('"model":"MODEL"');
  });

  test('a program that must be installed -> the command, copied alone', async () => {
    const user = userEvent.setup();
    showPage('connect/python');
    await user.click(await screen.findByLabelText('Copy: Install first'));
    expect(await navigator.clipboard.readText()).toBe('pip install openai');
    await user.click(screen.getByLabelText('Copy: Python'));
    expect(await navigator.clipboard.readText()).toBe(textOf('Python'));
  });
});

describe('the model', () => {
  test('what is known of it; a coding agent that would miss something -> said', async () => {
    showPage('connect/codex');
    expect(await screen.findByText('Ready on 4 nodes, in memory on 3')).toBeTruthy();
    expect(screen.getByText('Supports: tools')).toBeTruthy();
    expect(screen.queryByText(/choose another/)).toBeNull();
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Model' }), 'gemma3:27b');
    expect(screen.getByText('Ready on 1 node')).toBeTruthy();
    expect(screen.getByText('Context: 8,192 tokens')).toBeTruthy();
    expect(screen.getByText('Codex needs a model that calls tools: choose another one.')).toBeTruthy();
    expect(screen.getByText('Codex needs a context of about 64,000 tokens: choose another model.')).toBeTruthy();
    open('curl');
    expect(screen.queryByText(/choose another/)).toBeNull();
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Model' }), 'auto');
    expect(screen.queryByText(/^Ready on/)).toBeNull();
  });
});
