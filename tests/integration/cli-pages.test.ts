// Real shells complete the command line with the files that packages install. The man page has no warnings.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cliPages } from '../../src/main/cli/cli-pages';
import { COMMANDS } from '../../src/main/cli/commands';
import { EXAMPLES } from '../../src/main/cli/core/man-page';
import { requireProgram, skipNote } from '../support/requirements';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-pages-'));
  for (const [name, text] of Object.entries(cliPages())) writeFileSync(path.join(folder, name), text);
  // The shells complete file names from this folder.
  mkdirSync(path.join(folder, 'here', 'models'), { recursive: true });
  writeFileSync(path.join(folder, 'here', 'job.json'), '{}');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function output(program: string, args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(program, args, { cwd: path.join(folder, 'here'), encoding: 'utf8', timeout: 20_000 });
  expect(stderr).toBe('');
  return stdout;
}

/** What the shell offers for the last word. */
const CASES = [
  ['dr', ['drain']],
  ['help mod', ['models']],
  ['jobs --ex', ['--export']],
  ['jobs --export ', ['csv', 'jsonl']],
  ['config s', ['set', 'show']],
  ['keys re', ['reset-owner', 'revoke']],
  ['keys --role viewer l', ['list']],
  ['scheduler --announce ', ['false', 'true']],
  ['backup ', ['models']],
  ['submit j', ['job.json']],
  ['submit --input j', ['job.json']],
  ['submit --model ', []],
  ['config set desktop.on', ['desktop.on_close']],
] as const;

const ALL_COMMANDS = COMMANDS.map(({ name }) => name);

// The bash of macOS is version 3, which the completion does not support.
describe.skipIf(process.platform !== 'linux')('bash', () => {
  const complete = (line: string): readonly string[] => {
    // Without a terminal bash completes nothing, so the function is called as bash calls it.
    const words = ['muster', ...line.split(' ')];
    const script = `compopt() { :; }; source ${path.join(folder, 'muster.bash')}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _muster; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return output('bash', ['--norc', '-c', script, 'bash', ...words])
      .split('\n')
      .filter((word) => word !== '')
      .sort();
  };

  test.each(CASES)('bash: muster %s', (line, expected) => {
    expect(complete(line)).toEqual(expected);
  });

  test('bash: first word -> every command', () => {
    expect(complete('')).toEqual([...ALL_COMMANDS, 'help'].sort());
    expect(complete('-')).toEqual(['--help', '--version']);
  });

  test('bash: value after `=`, which bash makes a word of its own', () => {
    expect(complete('jobs --export = c')).toEqual(['csv']);
    expect(complete('jobs --export =')).toEqual(['csv', 'jsonl']);
    expect(complete('keys --role = viewer l')).toEqual(['list']);
  });
});

const fish = requireProgram('fish', 'fish');

describe.skipIf(fish.missing !== undefined)(`fish${skipNote(fish)}`, () => {
  const complete = (line: string): readonly string[] =>
    output(fish.path ?? '', ['-N', '-c', `source ${path.join(folder, 'muster.fish')}; complete -C 'muster ${line}'`])
      .split('\n')
      .flatMap((entry) => (entry === '' ? [] : [entry.split('\t', 1)[0]?.replace(/\/$/, '') ?? '']))
      .sort();

  test.each(CASES)('fish: muster %s', (line, expected) => {
    expect(complete(line)).toEqual(expected);
  });

  test('fish: first word -> every command', () => {
    expect(complete('')).toEqual([...ALL_COMMANDS].sort());
  });
});

const zsh = requireProgram('zsh', 'zsh');

describe.skipIf(zsh.missing !== undefined)(`zsh${skipNote(zsh)}`, () => {
  test('zsh: Tab -> the option; Control-D -> the words of an argument', () => {
    // zsh completes only in a terminal, which zpty makes. `zpty -r` waits for a text.
    const script = [
      'zmodload zsh/zpty',
      'zpty shell zsh -fi',
      `zpty -w shell 'PS1=; autoload -U compinit; compinit -uD; source ${path.join(folder, '_muster')}; print READY$((1 + 1))'`,
      "zpty -r shell text '*READY2*'",
      "zpty -w -n shell $'muster jobs --ex\\t'",
      "zpty -r shell text '*--export *' && print option",
      "zpty -w -n shell $'\\x15muster config s\\x04'",
      "zpty -r shell text '*set*show*' && print words",
      'zpty -d shell',
    ];
    expect(output(zsh.path ?? '', ['-fc', script.join('\n')])).toBe('option\nwords\n');
  });
});

const mandoc = requireProgram('mandoc', 'mandoc');

describe.skipIf(mandoc.missing !== undefined)(`man page${skipNote(mandoc)}`, () => {
  test('man page: no warning; names the commands', () => {
    const file = path.join(folder, 'muster.1.gz');
    // The page has no date, so that the same sources make the same file.
    const warnings = output(mandoc.path ?? '', ['-T', 'lint', '-W', 'warning', file]).split('\n');
    expect(warnings.filter((line) => !line.includes('missing date'))).toEqual(['']);
    const text = output(mandoc.path ?? '', ['-T', 'ascii', file]).replace(/.\x08/g, '');
    expect(ALL_COMMANDS.filter((name) => !text.includes(`muster ${name}`))).toEqual([]);
    const [, examples = ''] = /^EXAMPLES$([^]*?)^SEE ALSO$/m.exec(text) ?? [];
    const line = examples.replaceAll(/\s+/g, ' ');
    expect(EXAMPLES.filter(([command, doc]) => !line.includes(` ${command} ${doc} `))).toEqual([]);
  });
});
