// Multipart forms as JSON bodies, and forms that are refused.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readForm } from '../../../../../src/main/scheduler/api/openai/read-form';

type Part = readonly [name: string, value: string | Buffer, file?: { readonly name: string; readonly type?: string }];

const form = (parts: readonly Part[], boundary = 'b') => {
  const bytes = parts.map(([name, value, file]) => {
    const disposition = `Content-Disposition: form-data; name="${name}"${file === undefined ? '' : `; filename="${file.name}"`}`;
    const type = file?.type === undefined ? '' : `\r\nContent-Type: ${file.type}`;
    return Buffer.concat([Buffer.from(`--${boundary}\r\n${disposition}${type}\r\n\r\n`), Buffer.from(value), Buffer.from('\r\n')]);
  });
  return { contentType: `multipart/form-data; boundary=${boundary}`, bytes: Buffer.concat([...bytes, Buffer.from(`--${boundary}--\r\n`)]) };
};
const many = (count: number): readonly Part[] => Array.from({ length: count }, (_, i): Part => [`f${String(i)}`, 'x']);

it.each<[string, readonly Part[], Record<string, unknown>]>([
  [
    'texts',
    [
      ['model', 'm'],
      ['prompt', 'déjà'],
      ['temperature', '0.5'],
    ],
    { model: 'm', prompt: 'déjà', temperature: '0.5' },
  ],
  [
    'a list',
    [
      ['x[]', 'a'],
      ['x[]', 'b'],
    ],
    { x: ['a', 'b'] },
  ],
  ...['true', 'True', 'TRUE', '1'].map((text): [string, readonly Part[], Record<string, unknown>] => [
    `stream as true: ${text}`,
    [['stream', text]],
    { stream: true },
  ]),
  ...['false', 'False', '0'].map((text): [string, readonly Part[], Record<string, unknown>] => [
    `stream as false: ${text}`,
    [['stream', text]],
    { stream: false },
  ]),
  [
    'a file',
    [['file', Buffer.from([0, 255, 13, 10]), { name: 'a b.wav', type: 'audio/wav' }]],
    { file: { filename: 'a b.wav', content_type: 'audio/wav', base64: 'AP8NCg==' } },
  ],
  [
    'a file that begins with the characters of the boundary',
    [['file', '--b is not the end', { name: 'a', type: 'text/plain' }]],
    { file: { filename: 'a', content_type: 'text/plain', base64: Buffer.from('--b is not the end').toString('base64') } },
  ],
  ['an empty text', [['prompt', '']], { prompt: '' }],
  ['a text with line ends', [['prompt', '\r\na\r\n\r\n']], { prompt: '\r\na\r\n\r\n' }],
  ['a line that begins like the boundary', [['prompt', 'x\r\n--bb\r\n--b-\r\ny']], { prompt: 'x\r\n--bb\r\n--b-\r\ny' }],
  [
    'escaped names',
    [
      ['a%22b', 'x'],
      ['file', '', { name: 'c\\"d%0Ae' }],
    ],
    { 'a"b': 'x', file: { filename: 'c"d e', content_type: 'application/octet-stream', base64: '' } },
  ],
  ['a field named __proto__', [['__proto__', 'x']], JSON.parse('{"__proto__": "x"}') as Record<string, unknown>],
  ['64 parts', many(64), Object.fromEntries(many(64))],
])('form: %s -> fields', (_title, parts, fields) => {
  expect(readForm(form(parts))).toEqual({ ok: true, value: fields });
});

it.each<[string, Parameters<typeof readForm>[0], string, string]>([
  ['65 parts', form(many(65)), '', 'not a form: more than 64 parts'],
  [
    'a duplicate field',
    form([
      ['model', 'a'],
      ['model', 'b'],
    ]),
    'model',
    'duplicate field',
  ],
  ['a list of files', form([['file[]', 'x', { name: 'f' }]]), 'file[]', 'text is required'],
  ['a file in another field', form([['known_speaker', 'x', { name: 'f' }]]), 'known_speaker', 'text is required'],
  ['a stream that is not a boolean', form([['stream', 'constructor']]), 'stream', 'must be true or false'],
  [
    'a body without a boundary line',
    { contentType: 'multipart/form-data; boundary=b', bytes: Buffer.from('hello') },
    '',
    'not a form: incomplete',
  ],
  ['a type without a boundary', { ...form([['model', 'a']]), contentType: 'multipart/form-data' }, '', 'not a form: no boundary'],
  [
    'an incomplete form',
    { contentType: 'multipart/form-data; boundary=b', bytes: form([['model', 'a']]).bytes.subarray(0, 30) },
    '',
    'not a form: incomplete',
  ],
])('form: %s -> refused', (_title, input, field, reason) => {
  expect(readForm(input)).toEqual({ ok: false, error: { field, reason } });
});

it.each<[string, string, object]>([
  ['a file name that contains a name parameter', 'filename="a; name=x"; name="file"', { filename: 'a; name=x' }],
  ['two file names, of which the first counts', 'name="file"; filename="a"; filename="b"; name="c"', { filename: 'a' }],
  ['a file name without quotes', 'name=file; filename=a.wav', { filename: 'a.wav' }],
  ['an encoded file name', 'name="file"; filename*=UTF-8\'\'%e4%bd%a0%20b.wav', { filename: '\u4f60 b.wav' }],
  ['an encoded file name beside a plain one', 'name=file; filename="b.wav"; filename*=UTF-8\'\'%e4%bd%a0.wav', { filename: '\u4f60.wav' }],
  ['a file name with an invalid encoding', "name=file; filename*=UTF-8''%zz", { filename: "UTF-8''%zz" }],
])('form: %s -> name', (_title, disposition, file) => {
  const head = `Content-Disposition: form-data; ${disposition}`;
  const bytes = Buffer.from(`--b\r\n${head}\r\n\r\nx\r\n--b--\r\n`);
  expect(readForm({ contentType: 'multipart/form-data; boundary=b', bytes })).toMatchObject({ ok: true, value: { file } });
});

it('form: preamble is ignored, quoted boundary is accepted', () => {
  const { bytes } = form([['model', 'm']], 'b c');
  const contentType = 'multipart/form-data; charset=utf-8; boundary="b c"';
  expect(readForm({ contentType, bytes: Buffer.concat([Buffer.from('preamble\r\n'), bytes]) })).toEqual({
    ok: true,
    value: { model: 'm' },
  });
});

it('form: any bytes of a file are kept', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom('b', '\r\n', 'a--', '--------------------------1234'), (bytes, text) => {
      const content = Buffer.concat([Buffer.from(bytes), Buffer.from(text), Buffer.from(bytes)]);
      const read = readForm(form([['file', content, { name: 'f', type: 'audio/wav' }]], 'boundary-of-some-length'));
      expect(read).toEqual({ ok: true, value: { file: { filename: 'f', content_type: 'audio/wav', base64: content.toString('base64') } } });
    }),
  );
});

it('form: delimiters in the content -> kept; a hundred thousand -> refused before their end is searched', () => {
  const read = (count: number) => readForm(form([['file', '\r\n--b.'.repeat(count), { name: 'f' }]]));
  expect(read(100)).toMatchObject({ ok: true, value: { file: { base64: Buffer.from('\r\n--b.'.repeat(100)).toString('base64') } } });
  expect(read(100_000)).toEqual({ ok: false, error: { field: '', reason: 'not a form: incomplete' } });
});

it('form: any bytes are parsed without an exception', () => {
  const pieces = fc.constantFrom('--b', '\r\n', '--', 'Content-Disposition: form-data; name="a"', '"', ';', 'x', '\r\n\r\n');
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (lines) => {
      const read = readForm({ contentType: 'multipart/form-data; boundary=b', bytes: Buffer.from(lines.join('')) });
      expect(typeof read.ok).toBe('boolean');
    }),
  );
});
