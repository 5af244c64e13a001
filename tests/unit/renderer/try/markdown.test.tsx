// The text of a model is the text of a stranger.
import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
// Loaded before the tests: the page loads them on demand.
import { Markdown, PlainOnError } from '../../../../src/renderer/pages/try/Markdown';
import { mayBeMarkdown } from '../../../../src/renderer/pages/try/markdown-limits';
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

const nested = (line: (depth: number) => string): string => Array.from({ length: 300 }, (_, depth) => line(depth)).join('\n');
const paragraphs = (paragraph: string): string => Array.from({ length: 300 }, () => paragraph).join('\n\n');

// Each took seconds or minutes, or exceeded the stack.
test.each([
  ['quotes', `${'>'.repeat(2000)} a`],
  ['lists in one line', `${'- '.repeat(1500)}a`],
  ['numbered lists in quotes', `${'> 1. '.repeat(20)}a`],
  ['lists by indentation', nested((depth) => `${' '.repeat(depth * 2)}- a`)],
  ['emphasis', '*a **b '.repeat(1500) + ' b** a*'.repeat(1500)],
  ['long runs of emphasis', `${'*'.repeat(900)}a${'*'.repeat(900)}`],
  ['pictures', '!['.repeat(1500) + 'a' + '](x)'.repeat(1500)],
  ['references', '[a][b]'.repeat(8000)],
  ['backticks', nested((length) => `${'`'.repeat(length + 1)} a`)],
  ['columns of short rows', `|${'a|'.repeat(2000)}\n|${'-|'.repeat(2000)}\n${'|x\n'.repeat(200)}`],
  ['footnotes', '[^1] '.repeat(5000)],
  ['quotes in many paragraphs', paragraphs(`${'>'.repeat(12)} a`)],
  ['characters', 'word '.repeat(20_000)],
])('too many %s -> not parsed, shown as text', (_title, text) => {
  expect(mayBeMarkdown(text)).toBe(false);
  const { container } = render(<Markdown text={text} />);
  expect(container.textContent).toBe(text);
});

test.each([
  ['prose', paragraphs('A **bold** word, `code`, a [link](https://example.test) and snake_case_names.')],
  ['list in lists', '- a\n  - b\n    - c\n      1. d\n         > e'],
  ['program', `\`\`\`ts\n${paragraphs('const a = [[1, 2], [3]].map((b) => b * c || d && `${e}`);\n        return **kwargs;')}\n\`\`\``],
  ['table', `| a | b | c |\n|---|---|---|\n${'| 1 | 2 | 3 |\n'.repeat(200)}`],
  ['divider', `${'* '.repeat(30)}\n\n${'-'.repeat(80)}\n\n${'*'.repeat(80)}`],
])('%s -> parsed', (_title, text) => {
  expect(mayBeMarkdown(text)).toBe(true);
});

test('parser fails -> the text as it is', () => {
  const Broken = (): never => {
    throw new RangeError('Maximum call stack size exceeded');
  };
  const silenced = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  render(
    <PlainOnError text="**the answer**">
      <Broken />
    </PlainOnError>,
  );
  expect(screen.getByText('**the answer**')).toBeDefined();
  silenced.mockRestore();
});

test('code -> copied as it is', async () => {
  const user = userEvent.setup();
  const markdown = await shown('```sh\necho "<b>"\n```');
  expect(markdown.querySelector('pre')?.textContent).toBe('echo "<b>"\n');
  await user.click(screen.getByRole('button', { name: 'Copy the code' }));
  expect(await navigator.clipboard.readText()).toBe('echo "<b>"\n');
});
