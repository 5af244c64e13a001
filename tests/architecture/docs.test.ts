// Rules for the documents: short lines, standard terms, no dead links, and a heading for each section that a comment names.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PHRASES } from '../../scripts/eslint/replaced-words';

const root = join(import.meta.dirname, '../..');
const MAX_COLUMNS = 100;

const listed = (...patterns: string[]): string[] =>
  execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...patterns], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\0')
    .filter((file) => file !== '' && existsSync(join(root, file)));

const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const withoutCodeBlocks = (text: string): string => text.replace(/^( *)```[^]*?^\1```$/gm, (block) => block.replace(/[^\n]/g, ''));

const pages = new Map(listed('*.md').map((file) => [file, withoutCodeBlocks(textOf(file))]));
const linesOf = ([file, text]: readonly [string, string]) =>
  text.split('\n').map((line, index) => ({ place: `${file}:${String(index + 1)}`, line }));

describe('documents', () => {
  test('docs: the pages are found', () => {
    expect(pages.size).toBeGreaterThan(25);
  });

  test(`docs: no line over ${String(MAX_COLUMNS)} columns`, () => {
    const texts = [...pages.keys()].map((file) => [file, textOf(file)] as const);
    expect(texts.flatMap(linesOf).filter(({ line }) => line.length > MAX_COLUMNS)).toEqual([]);
  });

  test('docs: the index docs/README.md links to every page of docs; docs/api.md, to those of docs/api', () => {
    const index = ['docs/README.md', 'docs/api.md'].map((file) => pages.get(file) ?? '').join('\n');
    const linked = new Set([...index.matchAll(/\]\(([^)#\s]+)/g)].map(([, path = '']) => normalize(join('docs', path))));
    const inDocs = [...pages.keys()].filter((file) => file.startsWith('docs/') && file !== 'docs/README.md');
    expect(inDocs.length).toBeGreaterThan(20);
    expect(inDocs.filter((file) => !linked.has(file))).toEqual([]);
  });

  test('docs: no banned words', () => {
    const found = [...pages].flatMap(([file, text]) => {
      const prose = text.replace(/`[^`]*`/g, '').replace(/\s+/g, ' ');
      return PHRASES.flatMap(([pattern]) => pattern.exec(prose)?.[0] ?? []).map((phrase) => ({ file, phrase }));
    });
    expect(found).toEqual([]);
  });

  test('docs: every relative link leads to an existing file and heading', () => {
    const links = [...pages].flatMap(([file, text]) =>
      [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(([, path = '', heading]) => ({ file, path, heading })),
    );
    expect(links.length).toBeGreaterThan(100);
    const isDead = ({ file, path, heading }: (typeof links)[number]): boolean => {
      const target = path === '' ? file : normalize(join(dirname(file), path));
      return !existsSync(join(root, target)) || (heading !== undefined && !slugsOf(pages.get(target) ?? '').has(heading));
    };
    expect(links.filter(isDead)).toEqual([]);
  });

  test('docs: every file and folder of the repository that a page names exists', () => {
    const all = listed();
    const exists = (path: string): boolean =>
      path.includes('/') ? existsSync(join(root, path)) : all.some((file) => file.endsWith(`/${path}`));
    const named = [...pages].flatMap(([file, text]) =>
      [...text.matchAll(/`((?:src|tests|bench|docs|scripts)\/[\w./-]+|[\w-]+\.(?:test|bench)\.ts)`/g)].map(([, path = '']) => ({
        file,
        path,
      })),
    );
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter(({ path }) => !exists(path))).toEqual([]);
  });
});

/** `(lifecycle §1, Liveness)`: a page, one section or a range, and optionally a term that starts with a capital or is in backticks. */
const REFERENCE = /\b([Pp]rotocol|[Ll]ifecycle|[Aa]pi|API)(?:\n\s*(?:\/\/|\*))? §(\d+)(?:-(\d+))?(?:, ([A-Z]\w+(?: [a-z]+)*|`[\w.]+`)\))?/g;

describe('comments that name a section', () => {
  const references = listed('src/**/*.ts', 'src/**/*.tsx').flatMap((file) =>
    [...textOf(file).matchAll(REFERENCE)].map(([reference, name = '', first = '', last = first, term]) => ({
      place: `${file}: ${reference}`,
      page: `docs/${name.toLowerCase()}.md`,
      sections: [first, last],
      term: term?.replaceAll('`', '').toLowerCase(),
    })),
  );

  test('docs: every section that a comment in src names is a numbered heading', () => {
    expect(references.length).toBeGreaterThan(80);
    expect(references.filter(({ page, sections }) => sections.some((number) => sectionOf(page, number) === ''))).toEqual([]);
  });

  test('docs: every term that a comment in src names is in its section, or on a page that the section links to', () => {
    const named = references.flatMap(({ term, ...reference }) => (term === undefined ? [] : [{ ...reference, term }]));
    expect(named.length).toBeGreaterThan(10);
    const isMissing = ({ page, sections: [number = ''], term }: (typeof named)[number]): boolean =>
      !textsBehind(page, number).includes(term);
    expect(named.filter(isMissing)).toEqual([]);
  });
});

/** The text under `## <number>. `; empty when there is no such heading. */
function sectionOf(page: string, number: string): string {
  return new RegExp(`^## ${number}\\. [^]*?(?=^## |(?![^]))`, 'm').exec(pages.get(page) ?? '')?.[0] ?? '';
}

function textsBehind(page: string, number: string): string {
  const section = sectionOf(page, number);
  const linked = [...section.matchAll(/\]\(([\w/.-]+\.md)/g)].map(([, path = '']) => pages.get(normalize(join(dirname(page), path))) ?? '');
  return [section, ...linked].join('\n').toLowerCase();
}

/** The anchors of a page's headings, as GitHub makes them. */
function slugsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
