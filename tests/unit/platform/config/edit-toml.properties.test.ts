// Random documents: an edit changes one key, and every line and comment of the rest stays.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { setTomlKey, type TomlPath, unsetTomlKey } from '../../../../src/main/platform/config/edit-toml';
import { parseToml, type TomlTable } from '../../../../src/main/platform/config/toml';

const SECTIONS = ['agent', 'agent.limits', 'server', 'later."odd.name"'];
const NAMES = ['name', 'share', 'cpu_percent', 'list'];
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const value = fc.oneof(
  text,
  fc.integer({ min: -1000, max: 1000 }),
  fc.boolean(),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).filter((number) => !Object.is(number, -0)),
  fc.array(text, { maxLength: 4 }),
);
const tomlOf = (item: unknown): string => {
  if (Array.isArray(item)) return `[\n${item.map((part) => `    ${tomlOf(part)}, # i\n`).join('')}  ]`;
  return typeof item === 'string' ? JSON.stringify(item).replaceAll('\u007F', '\\u007F') : String(item);
};

/** One document: sections in any order, keys with comments and blank lines, inline tables, dotted keys, either line ending. */
const documents = fc
  .record({
    sections: fc.uniqueArray(fc.constantFrom(...SECTIONS), { maxLength: 4 }),
    lines: fc.array(
      fc.record({
        name: fc.constantFrom(...NAMES),
        value,
        comment: fc.boolean(),
        blank: fc.boolean(),
        indent: fc.constantFrom('', '  ', '\t'),
      }),
      { maxLength: 8 },
    ),
    inline: fc.boolean(),
    dotted: fc.boolean(),
    windows: fc.boolean(),
    mark: fc.boolean(),
    ended: fc.boolean(),
  })
  .map(({ sections, lines, inline, dotted, windows, mark, ended }) => {
    const parts = sections.flatMap((section, at) => {
      const seen = new Set<string>();
      const own = lines
        .filter(({ name }, index) => index % Math.max(sections.length, 1) === at && !seen.has(name) && seen.add(name))
        .map(
          (line) =>
            `${line.blank ? '\n' : ''}${line.indent}${line.name} = ${tomlOf(line.value)}${line.comment ? ` # of ${line.name}` : ''}`,
        );
      return ['', `# about ${section}`, `[${section}] # head`, ...own];
    });
    const top = [...(inline ? ['free = { a = 1, b = { c = [ ] } } # inline'] : []), ...(dotted ? ['other.x.y = 1 # dotted'] : [])];
    const whole = `${[...top, ...parts].join('\n')}${ended ? '\n' : ''}`;
    return `${mark ? '\uFEFF' : ''}${windows ? whole.replaceAll('\n', '\r\n') : whole}`;
  });

const paths = fc
  .tuple(fc.constantFrom(['agent'], ['agent', 'limits'], ['server'], ['new', 'one'], ['free'], ['other', 'x']), fc.constantFrom(...NAMES))
  .map(([section, name]) => [...section, name] as unknown as TomlPath);

function leavesOf(source: string): Map<string, unknown> {
  const parsed = parseToml(source);
  if (!parsed.ok) throw new Error(parsed.error.reason);
  const leaves = new Map<string, unknown>();
  const visit = ({ members }: TomlTable, above: readonly string[]): void => {
    for (const [name, node] of members) {
      if (node.kind === 'table') visit(node, [...above, name]);
      else leaves.set(JSON.stringify([...above, name]), node.value);
    }
  };
  visit(parsed.value, []);
  return leaves;
}

const commentsOf = (source: string): string[] => (source.match(/# (?:of|about|head|inline|dotted|i)\b[^\r\n]*/g) ?? []).toSorted();

test('edit-toml: any document, any key -> only the key changes, comments and line endings stay', () => {
  fc.assert(
    fc.property(documents, paths, value, (source, path, next) => {
      const key = JSON.stringify(path);
      const set = setTomlKey(source, path, next);
      if (!set.ok) throw new Error(set.error);
      const expected = new Map(leavesOf(source)).set(key, next);
      expect(leavesOf(set.value)).toEqual(expected);
      expect(commentsOf(set.value)).toEqual(commentsOf(source));
      expect(set.value.startsWith('\uFEFF')).toBe(source.startsWith('\uFEFF'));
      if (source.includes('\r\n')) expect(set.value.replaceAll('\r\n', '')).not.toContain('\n');

      const unset = unsetTomlKey(set.value, path);
      if (!unset.ok) throw new Error(unset.error);
      expected.delete(key);
      expect(leavesOf(unset.value)).toEqual(expected);
      expect(commentsOf(unset.value)).toEqual(commentsOf(source));
    }),
  );
});

test('edit-toml: a new key in a document -> every line of the document stays, in order', () => {
  fc.assert(
    fc.property(documents, fc.constant<TomlPath>(['new', 'one', 'name']), (source, path) => {
      const set = setTomlKey(source, path, 'x');
      if (!set.ok) throw new Error(set.error);
      const lines = set.value.replace('\uFEFF', '').split(/\r?\n/);
      let from = 0;
      for (const line of source.replace('\uFEFF', '').split(/\r?\n/)) {
        if (line === '') continue;
        const at = lines.indexOf(line, from);
        expect(at).toBeGreaterThanOrEqual(from);
        from = at + 1;
      }
    }),
  );
});
