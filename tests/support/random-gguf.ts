// A whole llama model with random weights in GGUF: half a megabyte, a byte-level vocabulary, always the same. Its output is noise,
// but it is loaded, tokenised, evaluated and sampled as any other.
const EMBEDDING = 64;
const HEADS = 4;
const LAYERS = 2;
const FEED_FORWARD = 192;
const CONTEXT = 512;
const BYTES = 256;
/** `<unk>`, `<s>`, `</s>`, then one token per byte. */
const VOCABULARY = 3 + BYTES;
const ALIGNMENT = 32;

// Types of GGUF's metadata.
const UINT32 = 4;
const INT32 = 5;
const FLOAT32 = 6;
const STRING = 8;
const ARRAY = 9;

type Value =
  | { readonly type: typeof UINT32 | typeof INT32 | typeof FLOAT32; readonly value: number }
  | { readonly type: typeof STRING; readonly value: string }
  | { readonly type: typeof ARRAY; readonly items: readonly Exclude<Value, { type: typeof ARRAY }>[] };

const uint32 = (value: number) => ({ type: UINT32, value }) as const;
const float32 = (value: number) => ({ type: FLOAT32, value }) as const;
const string = (value: string) => ({ type: STRING, value }) as const;
const int32 = (value: number) => ({ type: INT32, value }) as const;

const TOKENS = [
  '<unk>',
  '<s>',
  '</s>',
  ...Array.from({ length: BYTES }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
];
/** Unknown, control, byte. */
const tokenType = (index: number): number => (index === 0 ? 2 : index < 3 ? 3 : 6);

const METADATA: readonly (readonly [string, Value])[] = [
  ['general.architecture', string('llama')],
  ['general.name', string('tiny-random')],
  ['llama.context_length', uint32(CONTEXT)],
  ['llama.embedding_length', uint32(EMBEDDING)],
  ['llama.block_count', uint32(LAYERS)],
  ['llama.feed_forward_length', uint32(FEED_FORWARD)],
  ['llama.attention.head_count', uint32(HEADS)],
  ['llama.attention.head_count_kv', uint32(HEADS)],
  ['llama.rope.dimension_count', uint32(EMBEDDING / HEADS)],
  ['llama.attention.layer_norm_rms_epsilon', float32(1e-5)],
  ['llama.vocab_size', uint32(VOCABULARY)],
  ['tokenizer.ggml.model', string('llama')],
  ['tokenizer.ggml.tokens', { type: ARRAY, items: TOKENS.map(string) }],
  ['tokenizer.ggml.scores', { type: ARRAY, items: TOKENS.map(() => float32(0)) }],
  ['tokenizer.ggml.token_type', { type: ARRAY, items: TOKENS.map((_, index) => int32(tokenType(index))) }],
  ['tokenizer.ggml.bos_token_id', uint32(1)],
  ['tokenizer.ggml.eos_token_id', uint32(2)],
  ['tokenizer.ggml.unknown_token_id', uint32(0)],
];

interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Buffer;
}

/** The file's content. */
export function randomGguf(seed = 42): Buffer {
  const tensors = makeTensors(seed);
  const head: Buffer[] = [Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(METADATA.length)];
  for (const [key, value] of METADATA) head.push(text(key), u32(value.type), encode(value));
  let offset = 0;
  for (const { name, shape, data } of tensors) {
    // Type 0 is 32-bit floats.
    head.push(text(name), u32(shape.length), ...shape.map(u64), u32(0), u64(offset));
    offset += padded(data).length;
  }
  return Buffer.concat([padded(Buffer.concat(head)), ...tensors.map(({ data }) => padded(data))]);
}

function makeTensors(seed: number): Tensor[] {
  let state = seed;
  const random = (): number => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return (state / 2 ** 32 - 0.5) * 0.2;
  };
  const tensor = (name: string, shape: readonly number[], next: () => number): Tensor => {
    const values = Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, next);
    return { name: `${name}.weight`, shape, data: Buffer.from(values.buffer) };
  };
  const norm = (name: string) => tensor(name, [EMBEDDING], () => 1);
  const layer = (index: number): Tensor[] => {
    const name = (part: string) => `blk.${String(index)}.${part}`;
    return [
      norm(name('attn_norm')),
      ...['attn_q', 'attn_k', 'attn_v', 'attn_output'].map((part) => tensor(name(part), [EMBEDDING, EMBEDDING], random)),
      norm(name('ffn_norm')),
      tensor(name('ffn_gate'), [EMBEDDING, FEED_FORWARD], random),
      tensor(name('ffn_up'), [EMBEDDING, FEED_FORWARD], random),
      tensor(name('ffn_down'), [FEED_FORWARD, EMBEDDING], random),
    ];
  };
  return [
    tensor('token_embd', [EMBEDDING, VOCABULARY], random),
    norm('output_norm'),
    tensor('output', [EMBEDDING, VOCABULARY], random),
    ...Array.from({ length: LAYERS }, (_, index) => layer(index)).flat(),
  ];
}

function encode(value: Value): Buffer {
  switch (value.type) {
    case UINT32:
      return u32(value.value);
    case INT32: {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32LE(value.value);
      return bytes;
    }
    case FLOAT32: {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatLE(value.value);
      return bytes;
    }
    case STRING:
      return text(value.value);
    case ARRAY:
      return Buffer.concat([u32(value.items[0]?.type ?? UINT32), u64(value.items.length), ...value.items.map(encode)]);
  }
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT)]);
