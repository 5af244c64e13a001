import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
// Loaded before the tests: the page loads them on demand.
import '../../../../src/renderer/pages/try/Markdown';
import type { AskEvent } from '../../../../src/shared/api/ask';
import type { ReadyPoolModel } from '../../../../src/shared/api/pool-models';
import { fail, ok } from '../../../../src/shared/result';
import { answerEvents, POOL_MODELS, predicted, askJob, waitingEvents } from '../../../fixtures/app-states/asks';
import { sixNodes } from '../../../fixtures/app-states/nodes';
import { appState, hosting } from '../../../fixtures/app-states/states';
import type { FakeApi } from '../../../fixtures/app-states/fake-api';
import { asPhone } from '../support/phone';
import { show, type ShowOptions } from '../support/render-screen';

const nodes = sixNodes();
const ids = nodes.map(({ node_id }) => node_id);

async function open(options: ShowOptions = {}) {
  const shown = show(hosting({ nodes, host: null }), { page: 'try', answers: { 'pool.models': ok({ models: POOL_MODELS }) }, ...options });
  const field = await screen.findByRole('textbox', { name: /Message|消息/ });
  return { ...shown, field, user: userEvent.setup() };
}

const answer = async (api: FakeApi, events: readonly AskEvent[], index = -1): Promise<void> => {
  await act(async () => {
    await api.asks.at(index)?.listener.onEvents(events);
  });
};

describe('chat', () => {
  test('placeholder: files to drop, which a phone has not', async () => {
    expect((await open()).field.getAttribute('placeholder')).toBe('Ask something, or drop a picture or a sound');
    cleanup();
    asPhone();
    expect((await open()).field.getAttribute('placeholder')).toBe('Ask something');
  });

  test('Enter sends, Shift+Enter begins a line, Esc stops', async () => {
    const { api, field, user } = await open();
    await user.type(field, 'one{Shift>}{Enter}{/Shift}two{Enter}');
    expect(api.asks.map(({ params }) => params)).toMatchObject([
      { task: 'chat', model: 'gpt-oss:120b', language: 'en', messages: [{ role: 'user', text: 'one\ntwo' }] },
    ]);
    expect((field as HTMLTextAreaElement).value).toBe('');
    expect(screen.getByRole('button', { name: /Stop/ })).toBeTruthy();
    await user.keyboard('{Escape}');
    expect(api.asks[0]?.isCancelled).toBe(true);
    expect(screen.getByRole('button', { name: 'Send' })).toBeTruthy();
  });

  test('text in the field of the model -> the models with it; Enter chooses one', async () => {
    const { user } = await open();
    const picker = screen.getByRole<HTMLInputElement>('combobox', { name: 'Model' });
    expect(picker.value).toMatch(/^gpt-oss:120b/);
    await user.clear(picker);
    await user.type(picker, 'kok');
    await screen.findByRole('option', { name: /^kokoro/, hidden: true });
    expect(screen.queryByRole('option', { name: /^gpt-oss/, hidden: true })).toBeNull();
    await user.keyboard('{Enter}');
    expect(picker.value).toMatch(/^kokoro/);
  });

  test('a model that takes pictures -> the picker says so', async () => {
    const seeing: ReadyPoolModel = { model_id: 'gemma3:12b', kind: 'llm', tasks: null, nodes_ready: 2, abilities: { vision: true } };
    await open({ answers: { 'pool.models': ok({ models: [seeing] }) } });
    expect(screen.getByRole<HTMLInputElement>('combobox', { name: 'Model' }).value).toBe('gemma3:12b  ·  2 nodes, takes pictures');
  });

  test('Enter of an input method chooses a word, and does not send', async () => {
    const { api, field, user } = await open({ language: 'zh-CN' });
    await user.type(field, 'ni');
    fireEvent.keyDown(field, { key: 'Enter', isComposing: true });
    expect(api.asks).toEqual([]);
  });

  test('answer: Markdown, node, first token, speed, tokens; the panel has the figures and why', async () => {
    const { api, field, user } = await open();
    await user.type(field, 'Write the config{Enter}');
    await answer(api, [...answerEvents(ids), { type: 'end', finish_reason: 'stop' }]);
    const article = await screen.findByRole('article');
    expect(await within(article).findByText('¡Buenos días!')).toBeTruthy();
    expect(within(article).getByRole('table')).toBeTruthy();
    const name = nodes[0]?.name ?? '';
    expect(article.textContent).toContain(name);
    expect(article.textContent).toMatch(/first token .* · 48 tokens\/s · 212 tokens/);
    const panel = screen.getByRole('complementary', { name: 'This answer' });
    expect(within(panel).getByText('36')).toBeTruthy();
    expect(panel.textContent).toContain('tokens (67%)');
    const texts = panel.textContent.replaceAll('\u00a0', ' ');
    expect(texts).toContain('because the prompt is probably in its cache.');
    expect(texts).toContain('predicted 4.3 s.');
    expect(texts).not.toContain('19.5 s');
    expect(within(panel).getByRole('link', { name: 'Open the job' }).getAttribute('href')).toBe('#/jobs/job-1');
    await user.click(within(panel).getByRole('button', { name: 'Compare 4 nodes' }));
    expect(await screen.findByRole('table', { name: 'Predicted seconds by node' })).toBeTruthy();
  });

  test('next question -> the chat so far goes with it; new chat -> not', async () => {
    const { api, field, user } = await open();
    await user.type(field, 'first{Enter}');
    await answer(api, [
      { type: 'text', text: 'one', pieces: 1 },
      { type: 'end', finish_reason: 'stop' },
    ]);
    await user.type(field, 'second{Enter}');
    expect(api.asks[1]?.params).toMatchObject({ messages: [{ text: 'first' }, { role: 'assistant', text: 'one' }, { text: 'second' }] });
    await user.click(screen.getByRole('button', { name: 'New chat' }));
    expect(api.asks[1]?.isCancelled).toBe(true);
    await user.type(screen.getByRole('textbox', { name: 'Message' }), 'third{Enter}');
    expect(api.asks[2]?.params).toMatchObject({ messages: [{ text: 'third' }] });
  });

  test('waiting -> reason with numbers', async () => {
    const { api, field, user } = await open();
    await user.type(field, 'hello{Enter}');
    await answer(api, waitingEvents(ids[1] ?? ''));
    const article = screen.getByRole('article');
    expect(article.textContent).toMatch(/^Waiting · 1 job ahead · \d+\ss/);
    expect(article.textContent).toContain('3 nodes: ');
    expect(article.textContent).toContain('2 nodes: ');
  });

  test('waiting -> Use another model stops the question and leads to the list of models', async () => {
    const { api, field, user } = await open();
    await user.type(field, 'hello{Enter}');
    await answer(api, waitingEvents(ids[1] ?? ''));
    expect(screen.getByRole('link', { name: 'Why it waits' }).getAttribute('href')).toBe('#/jobs/job-1');
    await user.click(screen.getByRole('button', { name: 'Use another model' }));
    expect(api.asks[0]?.isCancelled).toBe(true);
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Model');
  });

  test('node loads the model -> says so, with the predicted time', async () => {
    const { api, field, user } = await open();
    await user.type(field, 'hello{Enter}');
    const prediction = predicted(ids);
    const [first, ...rest] = prediction.nodes;
    if (first === undefined) throw new Error('no node');
    const loading = { ...prediction, nodes: [{ ...first, terms: { ...first.terms, load: 12 } }, ...rest] };
    await answer(api, [{ type: 'job', job: askJob({ node_id: ids[0] ?? null, prediction: loading }) }]);
    expect(screen.getByRole('article').textContent).toContain(`${nodes[0]?.name ?? ''} loads the model, about 12.0 s.`);
  });

  test('failure in mid-stream -> text kept, reason and next step', async () => {
    const { api, field, user } = await open();
    await user.type(field, 'hello{Enter}');
    const error = { code: 'stream_broken', message: 'the stream was interrupted: the node was lost', details: null };
    await answer(api, [
      { type: 'text', text: 'half an', pieces: 2 },
      { type: 'failed', error },
    ]);
    expect(await screen.findByText('half an')).toBeTruthy();
    const alert = screen.getByRole('alert');
    expect(alert.textContent).toContain('The stream was interrupted: the node was lost');
    expect(alert.textContent).toContain('The text so far is kept. Send the question again.');
    const foot = screen.getByText(/^about 2 tokens/).parentElement;
    expect(foot?.textContent.trim()).toMatch(/^first token .+ · about 2 tokens · stopped after \d+\sms$/);
    expect(screen.queryByRole('button', { name: 'Why this node' })).toBeNull();
  });

  test('options of the next message', async () => {
    const { api, field, user } = await open();
    await user.type(screen.getByRole('textbox', { name: 'Temperature' }), '0.5');
    await user.type(screen.getByRole('textbox', { name: 'Max. answer length (tokens)' }), '256');
    await user.type(screen.getByRole('textbox', { name: 'System prompt' }), 'Be brief.');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Node' }), ids[2] ?? '');
    await user.type(field, 'hello{Enter}');
    expect(api.asks[0]?.params).toMatchObject({
      temperature: 0.5,
      max_tokens: 256,
      node_id: ids[2],
      messages: [{ role: 'system', text: 'Be brief.' }, { role: 'user' }],
    });
  });

  test('the chat stays while another page is shown', async () => {
    const { api, field, user } = await open();
    await user.type(field, 'hello{Enter}');
    act(() => {
      window.location.hash = '#/settings';
    });
    await waitFor(() => {
      expect(screen.queryByRole('article')).toBeNull();
    });
    expect(api.asks[0]?.isCancelled).toBe(false);
    await answer(api, [
      { type: 'text', text: 'meanwhile', pieces: 1 },
      { type: 'end', finish_reason: 'stop' },
    ]);
    act(() => {
      window.location.hash = '#/try';
    });
    expect(await screen.findByText('meanwhile')).toBeTruthy();
  });
});

describe('pictures and sound', () => {
  const file = (name: string, type: string, size = 4) => new File([new Uint8Array(size)], name, { type });

  test('picture -> goes with the message; removed -> not', async () => {
    const { api, field, user } = await open();
    await user.upload(screen.getByLabelText('Attach a picture or a sound', { selector: 'input' }), file('cat.png', 'image/png'));
    expect(await screen.findByRole('img', { name: 'cat.png' })).toBeTruthy();
    await user.type(field, 'what is this?{Enter}');
    expect(api.asks[0]?.params).toMatchObject({ messages: [{ text: 'what is this?', pictures: ['data:image/png;base64,AAAAAA=='] }] });
  });

  test('too large -> the reason names the limit, nothing is sent', async () => {
    const { api, user } = await open();
    await user.upload(screen.getByLabelText('Attach a picture or a sound', { selector: 'input' }), file('big.png', 'image/png', 6_000_001));
    expect((await screen.findByText(/big.png has/)).textContent.replaceAll('\u00a0', ' ')).toBe('big.png has 6 MB. The limit is 6 MB.');
    expect(api.asks).toEqual([]);
  });

  test('dropped sound -> transcribed by the model for it, the text joins the message', async () => {
    const { api, field } = await open();
    fireEvent.drop(field, { dataTransfer: { files: [file('note.wav', 'audio/wav')] } });
    await screen.findByText('whisper-large transcribes the sound…');
    expect(api.asks[0]?.params).toMatchObject({
      task: 'transcribe',
      model: 'whisper-large',
      sound: { name: 'note.wav', content_type: 'audio/wav' },
    });
    await answer(api, [
      { type: 'text', text: 'Hello there.', pieces: 1 },
      { type: 'end', finish_reason: 'stop' },
    ]);
    await waitFor(() => {
      expect((field as HTMLTextAreaElement).value).toBe('Hello there.');
    });
  });

  test('no model for sound -> says so', async () => {
    const { field } = await open({ answers: { 'pool.models': ok({ models: POOL_MODELS.slice(0, 1) }) } });
    fireEvent.drop(field, { dataTransfer: { files: [file('note.wav', 'audio/wav')] } });
    expect(await screen.findByText('No ready model of this pool turns speech into text.')).toBeTruthy();
  });

  test('hear an answer -> spoken by the model for it; a browser that cannot play it -> says so', async () => {
    const { api, field, user } = await open();
    await user.type(field, 'hello{Enter}');
    await answer(api, [
      { type: 'text', text: 'Hi.', pieces: 1 },
      { type: 'end', finish_reason: 'stop' },
    ]);
    await user.click(await screen.findByRole('button', { name: 'Play' }));
    expect(api.asks[1]?.params).toMatchObject({ task: 'speak', model: 'kokoro', text: 'Hi.' });
    await answer(api, [
      { type: 'audio', content_type: 'audio/wav', bytes: new Uint8Array(4) },
      { type: 'end', finish_reason: 'stop' },
    ]);
    expect(await screen.findByText('This browser cannot play the sound.')).toBeTruthy();
  });
});

describe('no model to ask', () => {
  test.each([
    ['FORBIDDEN', 'This computer may not send requests to the pool', /Ask the owner of the pool for the role Client/, '#/members'],
  ])('%s -> why, and what to do', async (code, title, text, page) => {
    show(appState({ pool: null }), { page: 'try', answers: { 'pool.models': fail({ code, message: '', details: null }) } });
    expect(await screen.findByRole('heading', { name: title })).toBeTruthy();
    expect(screen.getByText(text)).toBeTruthy();
    expect(
      within(screen.getByRole('main'))
        .getAllByRole('link')
        .map((link) => link.getAttribute('href')),
    ).toContain(page);
  });

  test('pool without a ready model -> link to Models', async () => {
    show(hosting({ nodes, host: null }), { page: 'try', answers: { 'pool.models': ok({ models: [] }) } });
    expect((await screen.findByRole('link', { name: 'Open Models' })).getAttribute('href')).toBe('#/models');
  });
});
