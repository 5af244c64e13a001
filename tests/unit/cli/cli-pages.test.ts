// The shell completions and the man page have each command and option of the table. tests/integration/cli-pages.test.ts runs them.
import { describe, expect, test } from 'vitest';
import { cliPages } from '../../../src/main/cli/cli-pages';
import type { OptionSpec } from '../../../src/main/cli/command';
import { COMMANDS } from '../../../src/main/cli/commands';
import { COMMON_OPTIONS } from '../../../src/main/cli/common-options';
import { choiceOf, completedCommands } from '../../../src/main/cli/core/completions/choices';
import { zshCompletion } from '../../../src/main/cli/core/completions/zsh';
import { fishCompletion } from '../../../src/main/cli/core/completions/fish';
import { manPage } from '../../../src/main/cli/core/man-page';

const pages = cliPages();
const table = COMMANDS.map(({ name, options }) => [name, Object.keys({ ...options, ...COMMON_OPTIONS })] as const);

/** A command whose texts have characters with a meaning in a shell or in roff. */
const awkward = (options: Readonly<Record<string, OptionSpec>>) => ({
  name: 'x',
  summary: "It's [odd]: a\\b",
  operands: ['FILE', '[A|B...]'],
  options,
  run: () => Promise.resolve(0),
});

describe('completions', () => {
  test.each([
    ['show|set|unset', { kind: 'words', words: ['show', 'set', 'unset'] }],
    ['[load|unload]', { kind: 'words', words: ['load', 'unload'] }],
    ['[tag]', { kind: 'words', words: ['tag'] }],
    ['true|false', { kind: 'words', words: ['true', 'false'] }],
    ['FILE', { kind: 'files' }],
    ['[FILE]', { kind: 'files' }],
    ['FOLDER', { kind: 'folders' }],
    ['DIR', { kind: 'folders' }],
    ['NODE', { kind: 'any' }],
    ['[KEY]', { kind: 'words', words: ['server.port'] }],
    ['[JOB...]', { kind: 'any' }],
    ['[LINK|POOL]', { kind: 'any' }],
    ['"NAME:GB"', { kind: 'any' }],
  ])('choices: %s', (name, expected) => {
    expect(choiceOf(name, { KEY: ['server.port'] })).toEqual(expected);
  });

  test.each(table)('bash: %s -> its options', (name, options) => {
    expect(pages['muster.bash']).toContain(`\n    ${name}) options='${options.map((option) => `--${option}`).join(' ')}' valued=`);
  });

  test.each(table)('zsh: %s -> its options', (name, options) => {
    const start = pages._muster.indexOf(`\n        ${name})\n`);
    const lines = pages._muster.slice(start, pages._muster.indexOf(';;', start));
    expect([...lines.matchAll(/^ {12}'\*?--([\w-]+)=?\[/gm)].map(([, option]) => option)).toEqual(options);
  });

  test.each(table)('fish: %s -> its options', (name, options) => {
    const lines = pages['muster.fish'].matchAll(new RegExp(`'__muster_command_is ${name}' -l ([\\w-]+)`, 'g'));
    expect([...lines].map(([, option]) => option)).toEqual(options);
  });

  test('texts with quotes, brackets, colons and backslashes -> escaped', () => {
    const commands = completedCommands([awkward({ o: { value: 'K[:S]', doc: "don't [x]: y", multiple: true } })], {}, {});
    expect(zshCompletion(commands)).toContain(`'x:It'\\''s [odd]: a\\b'`);
    expect(zshCompletion(commands)).toContain(`'*--o=[don'\\''t \\[x\\]\\: y]:K\\[\\:S\\]:'`);
    expect(zshCompletion(commands)).toContain(`'1:FILE:_files' \\\n            '*::\\[A|B...\\]:'`);
    expect(fishCompletion(commands)).toContain(`-a x -d 'It\\'s [odd]: a\\\\b'`);
  });
});

describe('man page', () => {
  const page = pages['muster.1.gz'];

  test.each(table)('man page: %s -> its operands and options', (name, options) => {
    const heading = `.SS "muster ${name}`;
    const start = page.indexOf(heading);
    expect(start).toBeGreaterThan(0);
    const section = page.slice(start, page.indexOf('\n.S', start + heading.length));
    // Options that several commands share are in a section of their own.
    const groups = [...page.matchAll(/^\.SH \w+ OPTIONS\n(?:(?!\.S[HS])[^\n]*\n)*/gm)].map(([text]) => text).join('');
    const missing = options.filter((option) => ![section, groups].some((text) => text.includes(`\\-\\-${option.replaceAll('-', '\\-')}`)));
    expect(missing).toEqual([]);
  });

  test('texts with a meaning in roff -> plain text', () => {
    const text = manPage({
      version: '1',
      commands: [{ ...awkward({ 'a-b': { value: '"N:G"', doc: ".TH 'x' a\\b" } }), summary: "'quoted" }],
      common: {},
      groups: [],
      exitCodes: [[0, 'success']],
    });
    expect(text).toContain("\n\\&'quoted\n");
    expect(text).toContain(`\n.BI "\\-\\-a\\-b " "\\(dqN:G\\(dq"\n\\&.TH 'x' a\\eb\n`);
  });
});
