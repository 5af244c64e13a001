// Rules for every committed file: a maximum length, and no reference to anything outside the repository.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const longestFile = 300;
const codeEndings = ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.css', '.html'];

/** Joined from parts, so that this file does not contain the paths itself. */
const machinePaths = [
  ['', 'work', 'main'],
  ['', 'work', 'shared'],
  ['', 'root', ''],
].map((parts) => parts.join('/'));

const files = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

describe('committed files', () => {
  test('files: found', () => {
    expect(files).toContain('package.json');
  });

  test(`code: at most ${String(longestFile)} lines`, () => {
    const lengths = files
      .filter((file) => codeEndings.includes(extname(file)) && !file.startsWith('tests/fixtures/'))
      .map((file) => ({ file, lines: (texts.get(file) ?? '').trimEnd().split('\n').length }));
    expect(lengths.filter(({ lines }) => lines > longestFile)).toEqual([]);
  });

  test('text: no path of a development machine', () => {
    expect(files.filter((file) => machinePaths.some((path) => texts.get(file)?.includes(path)))).toEqual([]);
  });

  test('text: no reference to a folder beside the repository', () => {
    const outside = files.flatMap((file) =>
      [...(texts.get(file) ?? '').matchAll(/(?:\.\.\/)+shared\b/g)]
        .map(([reference]) => ({ file, reference }))
        .filter(({ reference }) => !existsSync(resolve(root, dirname(file), reference)) || !inside(file, reference)),
    );
    expect(outside).toEqual([]);
  });

  test('own text: ends with a line break', () => {
    const ours = files.filter((file) => /\.(?:tsx?|[mc]?js|json|ya?ml|md|css|html)$/.test(file) && !file.startsWith('tests/fixtures/'));
    expect(ours.filter((file) => !texts.get(file)?.endsWith('\n'))).toEqual([]);
  });
});

/** Comments name the source of a rule, such as `protocol §2`. These are the documents of the names. */
const RULES = { protocol: 'docs/protocol.md', lifecycle: 'docs/lifecycle.md', api: 'docs/api.md' } as const;

describe('rules named by comments', () => {
  const named = [...texts].flatMap(([file, text]) =>
    [...text.matchAll(/\b(protocol|lifecycle|api) §(\d+)(?:-(\d+))?/gi)].flatMap(([reference, name = '', first, last = first]) =>
      [first, last].map((section) => ({ file, reference, document: RULES[name.toLowerCase() as keyof typeof RULES], section })),
    ),
  );

  test('references: found', () => {
    expect(named.length).toBeGreaterThan(50);
  });

  test('reference: the document has a heading with this number', () => {
    const isThere = ({ document, section = '' }: (typeof named)[number]): boolean =>
      new RegExp(`^## ${section}\\. `, 'm').test(texts.get(document) ?? '');
    expect(named.filter((rule) => !isThere(rule))).toEqual([]);
  });
});

function inside(file: string, reference: string): boolean {
  return resolve(root, dirname(file), reference).startsWith(resolve(root));
}
