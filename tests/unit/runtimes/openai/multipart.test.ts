// A transcription's form, read back by the platform's own parser.
import { expect, test } from 'vitest';
import { toForm } from '../../../../src/main/runtimes/openai/multipart';
import { readForm } from '../../../../src/main/scheduler/api/openai/read-form';

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
    timestamp_granularities: ['word', 'segment'],
    'include[]': ['logprobs'],
    extra: { a: 1 },
  });
  expect([...form.entries()].filter(([name]) => name !== 'file')).toEqual([
    ['model', 'w'],
    ['temperature', '0.2'],
    ['stream', 'false'],
    ['timestamp_granularities[]', 'word'],
    ['timestamp_granularities[]', 'segment'],
    ['include[]', 'logprobs'],
    ['extra', '{"a":1}'],
  ]);
  const sent = form.get('file') as File;
  expect([sent.name, sent.type, Buffer.from(await sent.arrayBuffer())]).toEqual(['a.wav', 'audio/wav', SOUND]);
});

test('a list reaches a runtime under the name that OpenAI\u2019s client gave it', async () => {
  const sent = new FormData();
  sent.append('model', 'w');
  sent.append('timestamp_granularities[]', 'word');
  sent.append('timestamp_granularities[]', 'segment');
  sent.append('file', new Blob([SOUND]), 'a.wav');
  const request = new Request('http://pool', { method: 'POST', body: sent });
  const read = readForm({ contentType: request.headers.get('content-type') ?? '', bytes: Buffer.from(await request.arrayBuffer()) });
  const arrived = await readBack(read.ok ? (read.value as Parameters<typeof toForm>[0]) : { model: '' });
  expect([...arrived.keys()].toSorted()).toEqual([...sent.keys()].toSorted());
  expect(arrived.getAll('timestamp_granularities[]')).toEqual(['word', 'segment']);
});

test.each([
  ['audio/webm;codecs=opus', 'audio/webm;codecs=opus'],
  ['audio/webm; codecs="opus"', 'audio/webm; codecs="opus"'],
  ['audio/ogg; codecs=opus; rate=48000', 'audio/ogg; codecs=opus; rate=48000'],
  ['audio/wav; x', 'application/octet-stream'],
])('the file\u2019s type goes with its parameters: %s', (type, sent) => {
  const form = toForm({ model: 'w', file: { ...file, content_type: type } });
  expect(form.ok ? form.value.bytes.toString('latin1') : '').toContain(`\r\ncontent-type: ${sent}\r\n\r\n`);
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
