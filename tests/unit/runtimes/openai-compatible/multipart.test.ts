// A transcription's form, read back by the platform's own parser.
import { expect, test } from 'vitest';
import { toForm } from '../../../../src/main/runtimes/openai-compatible/multipart';

const SOUND = Buffer.from([0, 13, 10, 45, 45, 255]);
const file = { filename: 'a.wav', content_type: 'audio/wav', base64: SOUND.toString('base64') };

async function readBack(body: Parameters<typeof toForm>[0]): Promise<FormData> {
  const form = toForm(body);
  if (!form.ok) throw new Error(form.error);
  return new Response(new Uint8Array(form.value.bytes), { headers: { 'content-type': form.value.contentType } }).formData();
}

test('fields are text, a list is a field per entry, nothing is left out but null, and the file has its bytes', async () => {
  const form = await readBack({
    model: 'w',
    file,
    temperature: 0.2,
    stream: false,
    prompt: null,
    'timestamp_granularities[]': ['word', 'segment'],
    extra: { a: 1 },
  });
  expect([...form.entries()].filter(([name]) => name !== 'file')).toEqual([
    ['model', 'w'],
    ['temperature', '0.2'],
    ['stream', 'false'],
    ['timestamp_granularities[]', 'word'],
    ['timestamp_granularities[]', 'segment'],
    ['extra', '{"a":1}'],
  ]);
  const sent = form.get('file') as File;
  expect([sent.name, sent.type, Buffer.from(await sent.arrayBuffer())]).toEqual(['a.wav', 'audio/wav', SOUND]);
});

test('names cannot leave their place, and a strange type is none', async () => {
  const form = toForm({ model: 'w', 'x"\r\ny: z': '1', file: { ...file, filename: 'a"\r\nb: c.wav', content_type: 'audio/wav\r\nx: y' } });
  const text = form.ok ? form.value.bytes.toString('latin1') : '';
  expect(text).toContain('name="x%22%0D%0Ay: z"');
  expect(text).toContain('filename="a%22%0D%0Ab: c.wav"\r\ncontent-type: application/octet-stream\r\n\r\n');
});

test.each([undefined, 'a.wav', { filename: 'a', content_type: 'b' }, { ...file, base64: '%%' }])(
  'without a good file (%j) there is no form',
  (bad) => {
    expect(toForm({ model: 'w', file: bad })).toMatchObject({ ok: false });
  },
);
