import { describe, expect, test } from 'vitest';
import { codeLines, piecesOf } from '../../../../src/renderer/components/code-lines';
import { PROGRAM_IDS, PROGRAMS } from '../../../../src/renderer/components/connect/programs/table';
import { TASK_IDS, TASKS } from '../../../../src/renderer/components/connect/tasks/table';

const partsOf = (line: string) => codeLines(line)[0]?.parts.map(({ text, wrap }) => [text, wrap]);

describe('how a line is wrapped', () => {
  test('option -> with the start of its argument; end of a command -> with its backslash', () => {
    const json = `{"model":"gpt-oss:120b","stream":true}`;
    expect(partsOf(`  -d '${json}' \\`)).toEqual([
      ['  ', 'plain'],
      [`-d '{"`, 'together'],
      [`model":"gpt-oss:120b","stream":tru`, 'long'],
      [`e}' \\`, 'together'],
    ]);
  });

  test('options without arguments, and a negative number -> as other words', () => {
    expect(partsOf('docker run -d --name open-webui -p 3000:8080 \\')).toEqual([
      ['docker run ', 'plain'],
      ['-d', 'together'],
      [' ', 'plain'],
      ['--name ope', 'together'],
      ['n-webui ', 'plain'],
      ['-p 300', 'together'],
      ['0:8', 'plain'],
      ['080 \\', 'together'],
    ]);
    expect(partsOf('x = y - 1')).toEqual([['x = y - 1', 'plain']]);
  });

  test('a long word -> broken after its separators, not inside a name', () => {
    expect(piecesOf('{"model":"llama3.1:8b","stream":true,')).toEqual(['{"model":"llama3.1:8b",', '"stream":true,']);
    expect(piecesOf('https://pool.example/v1/chat')).toEqual(['https://', 'pool.example/', 'v1/', 'chat']);
    expect(piecesOf('a'.repeat(40))).toEqual(['a'.repeat(40)]);
  });

  test('depth of a line', () => {
    expect(codeLines('a\n\n    b').map(({ indent, parts }) => [indent, parts.length])).toEqual([
      [0, 1],
      [0, 0],
      [4, 1],
    ]);
  });
});

test.each(['linux', 'windows'] as const)('every snippet, %s -> the parts are the text, character by character', (platform) => {
  const target = {
    baseUrl: 'https://h:7080/v1',
    key: 'mk_x',
    model: "it's 通义",
    caFile: '/a b/ca.pem',
    platform,
    pin: 'sha256-x',
    kind: 'llm',
  } as const;
  const snippets = [...PROGRAM_IDS.map((id) => PROGRAMS[id]), ...TASK_IDS.map((id) => TASKS[id])].flatMap((entry) =>
    entry.snippets(target),
  );
  const texts = [...snippets.flatMap((snippet) => (snippet.kind === 'code' ? [snippet.text] : [])), '', '\n\n', ' \\', '-x \\'];
  for (const text of texts) {
    expect(
      codeLines(text)
        .map(({ parts }) => parts.map((part) => part.text).join(''))
        .join('\n'),
    ).toBe(text);
  }
});
