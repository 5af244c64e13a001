// The text of a model is the text of a stranger.
import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
// Loaded before the tests: the page loads them on demand.
import '../../../../src/renderer/pages/try/Markdown';
import { ok } from '../../../../src/shared/result';
import { POOL_MODELS } from '../../../fixtures/app-states/asks';
import { hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

async function shown(text: string): Promise<HTMLElement> {
  const { api } = show(hosting({ host: null }), { page: 'try', answers: { 'pool.models': ok({ models: POOL_MODELS }) } });
  await userEvent.type(await screen.findByRole('textbox', { name: 'Message' }), 'go{Enter}');
  await act(async () => {
    await api.asks[0]?.listener.onEvents([
      { type: 'text', text: `${text}\n\nlast line`, pieces: 1 },
      { type: 'end', finish_reason: 'stop' },
    ]);
  });
  const last = await screen.findByText('last line', { selector: 'p' });
  return last.parentElement ?? last;
}

test('HTML, script and pictures -> text, nothing loaded', async () => {
  const markdown = await shown(
    [
      '<script>alert(1)</script><img src=x onerror=alert(1)><iframe src="https://evil.test"></iframe><b onclick="x">bold</b>',
      '![a cat](https://evil.test/track.png)',
      '![inline](data:image/svg+xml;base64,AAAA)',
      '<style>body { display: none }</style>',
    ].join('\n\n'),
  );
  expect(markdown.querySelector('script, img, iframe, b, style, object, embed, form, [onclick], [onerror]')).toBeNull();
  expect(markdown.textContent).toContain('a cat (picture not loaded: https://evil.test/track.png)');
});

test.each([
  ['javascript:', '[click](javascript:alert(1))'],
  ['javascript: with spaces and case', '[click](<JaVaScRiPt:alert(1)>)'],
  ['data:', '[click](data:text/html;base64,PHNjcmlwdD4=)'],
  ['file:', '[click](file:///etc/passwd)'],
  ['muster:', '[click](muster://evil.test/join)'],
  ['a page of this origin', '[click](#/members)'],
  ['reference', '[click][x]\n\n[x]: javascript:alert(1)'],
  ['autolink', '<javascript:alert(1)>'],
])('link with %s -> no link', async (_title, text) => {
  expect((await shown(text)).querySelector('a')).toBeNull();
});

test('link to a website -> marked, opens elsewhere, without a referrer', async () => {
  const link = (await shown('[docs](https://example.test/a?b=c)')).querySelector('a');
  expect(link?.getAttribute('href')).toBe('https://example.test/a?b=c');
  expect(link?.getAttribute('target')).toBe('_blank');
  expect(link?.getAttribute('rel')).toBe('noopener noreferrer nofollow');
  expect(link?.textContent).toContain('opens another website');
});

test('code -> copied as it is', async () => {
  const user = userEvent.setup();
  const markdown = await shown('```sh\necho "<b>"\n```');
  expect(markdown.querySelector('pre')?.textContent).toBe('echo "<b>"\n');
  await user.click(screen.getByRole('button', { name: 'Copy the code' }));
  expect(await navigator.clipboard.readText()).toBe('echo "<b>"\n');
});
