// What every committed file keeps to: a length that can be read in one go, and no reference to anything outside the repository.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const longestFile = 300;
const codeEndings = ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.css', '.html'];

/** Written in pieces, so that this file holds none of them. */
const machinePaths = [
  ['', 'work', 'main'],
  ['', 'work', 'shared'],
  ['', 'root', ''],
].map((parts) => parts.join('/'));

const files = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

describe('every committed file', () => {
  test('was found', () => {
    expect(files).toContain('package.json');
  });

  test(`has at most ${String(longestFile)} lines, if it is code`, () => {
    const lengths = files
      .filter((file) => codeEndings.includes(extname(file)) && !file.startsWith('tests/fixtures/'))
      .map((file) => ({ file, lines: (texts.get(file) ?? '').trimEnd().split('\n').length }));
    expect(lengths.filter(({ lines }) => lines > longestFile)).toEqual([]);
  });

  test('names no folder of the machine it was written on', () => {
    expect(files.filter((file) => machinePaths.some((path) => texts.get(file)?.includes(path)))).toEqual([]);
  });

  test('refers to no folder beside the repository', () => {
    const outside = files.flatMap((file) =>
      [...(texts.get(file) ?? '').matchAll(/(?:\.\.\/)+shared\b/g)]
        .map(([reference]) => ({ file, reference }))
        .filter(({ reference }) => !existsSync(resolve(root, dirname(file), reference)) || !inside(file, reference)),
    );
    expect(outside).toEqual([]);
  });

  test('ends with a line break, if it is text of ours', () => {
    const ours = files.filter((file) => /\.(?:tsx?|[mc]?js|json|ya?ml|md|css|html)$/.test(file) && !file.startsWith('tests/fixtures/'));
    expect(ours.filter((file) => !texts.get(file)?.endsWith('\n'))).toEqual([]);
  });
});

/** `protocol §2`, as comments name the source of a rule, and the document with that heading. */
const RULES = { protocol: 'docs/protocol.md', lifecycle: 'docs/lifecycle.md', api: 'docs/api.md' } as const;

describe('every rule that a comment names', () => {
  const named = [...texts].flatMap(([file, text]) =>
    [...text.matchAll(/\b(protocol|lifecycle|api) §(\d+)(?:-(\d+))?/gi)].flatMap(([reference, name = '', first, last = first]) =>
      [first, last].map((section) => ({ file, reference, document: RULES[name.toLowerCase() as keyof typeof RULES], section })),
    ),
  );

  test('was found', () => {
    expect(named.length).toBeGreaterThan(50);
  });

  test('stands in the documents, under a heading of that number', () => {
    const isThere = ({ document, section = '' }: (typeof named)[number]): boolean =>
      new RegExp(`^## ${section}\\. `, 'm').test(texts.get(document) ?? '');
    expect(named.filter((rule) => !isThere(rule))).toEqual([]);
  });
});

function inside(file: string, reference: string): boolean {
  return resolve(root, dirname(file), reference).startsWith(resolve(root));
}
