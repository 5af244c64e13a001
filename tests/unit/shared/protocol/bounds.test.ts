// Every list and record in a schema has a bound, so that no message or body can be made of a million entries.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { recordOf } from '../../../../src/shared/protocol/bounded';
import { validate } from '../../../../src/shared/protocol/decode';

const modules = import.meta.glob<Readonly<Record<string, unknown>>>(
  [
    '../../../../src/shared/protocol/*.ts',
    '../../../../src/shared/api/*.ts',
    '../../../../src/main/scheduler/api/*-routes.ts',
    '../../../../src/main/scheduler/api/openai/core/*.ts',
  ],
  { eager: true },
);

/** The places of lists and records without a bound, and of texts without one where `texts` is true. */
function unbounded(schema: z.core.$ZodType, at: string, texts: boolean, seen = new Set<unknown>()): string[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const inside = (inner: z.core.$ZodType, name: string): string[] => unbounded(inner, `${at}${name}`, texts, seen);
  const { def } = (schema as z.core.$ZodTypes)._zod;
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- all other types have no parts without a bound
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape).flatMap(([name, inner]) => inside(inner, `.${name}`));
    case 'array':
      return [...(hasMaximum(schema) ? [] : [`${at}[]`]), ...inside(def.element, '[]')];
    case 'record':
      return [`${at}{}`, ...inside(def.valueType, '{}')];
    case 'pipe': {
      const isCounted = def.in instanceof z.ZodType && def.in.meta()?.['maxProperties'] !== undefined;
      const { def: out } = (def.out as z.core.$ZodTypes)._zod;
      if (isCounted && out.type === 'record') return [...inside(out.keyType, '{}'), ...inside(out.valueType, '{}')];
      return [...inside(def.in, ''), ...inside(def.out, '')];
    }
    case 'union':
      return def.options.flatMap((inner) => inside(inner, ''));
    case 'tuple':
      return [...def.items.flatMap((inner) => inside(inner, '[]')), ...(def.rest === null ? [] : inside(def.rest, '[]'))];
    case 'string':
      return texts && !hasMaximum(schema) && !hasPattern(schema) ? [at] : [];
    default:
      return 'innerType' in def ? inside(def.innerType, '') : [];
  }
}

interface CheckDef {
  readonly check: string;
}

const checksOf = (schema: z.core.$ZodType): readonly CheckDef[] => [
  ...(schema._zod.def.checks ?? []).map((check): CheckDef => check._zod.def),
  // `z.base64()` and the like are checks themselves.
  ...('check' in schema._zod.def ? [schema._zod.def as unknown as CheckDef] : []),
];

const hasMaximum = (schema: z.core.$ZodType): boolean => checksOf(schema).some(({ check }) => check === 'max_length');

const hasPattern = (schema: z.core.$ZodType): boolean => checksOf(schema).some(({ check }) => check === 'string_format');

const exported = Object.entries(modules).flatMap(([file, module]) =>
  Object.entries(module).flatMap(([name, value]): (readonly [string, z.ZodType])[] =>
    value instanceof z.ZodType ? [[`${file.split('/').at(-1) ?? ''} ${name}`, value]] : [],
  ),
);

describe('bounds of schemas', () => {
  it('bounds: many schemas are exported', () => {
    expect(exported.length).toBeGreaterThan(60);
  });

  it.each(exported)('bounds: %s -> every list and record has one', (_name, schema) => {
    expect(unbounded(schema, '', false)).toEqual([]);
  });

  /** The content of jobs may be as large as the message. */
  const CONTENT = [
    '.input',
    '.input.text',
    '.prompt',
    '.query',
    '.messages[].role',
    '.task.input',
    '.task.input.text',
    '.task.input.base64',
  ];

  it.each(
    exported.filter(([name]) =>
      /^(node-messages\.ts|request-bodies\.ts|job\.ts (jobSubmission|jobQuery|jobListQuery)|dispatch\.ts explainRequest)/.test(name),
    ),
  )('bounds: %s -> every text of a node or client has one, except for content', (_name, schema) => {
    expect(unbounded(schema, '', true).filter((place) => !CONTENT.includes(place) && !/(base64|\.model|\.file)$/.test(place))).toEqual([]);
  });

  it('bounds: a list without one is found', () => {
    const schema = z.object({
      a: z
        .array(z.object({ b: z.record(z.string(), z.array(z.number())) }))
        .max(3)
        .optional(),
    });
    expect(unbounded(schema, '', true)).toEqual(['.a[].b{}', '.a[].b{}[]']);
  });
});

describe('recordOf', () => {
  const schema = z.object({ states: recordOf(z.string().max(4), z.number(), 2) });
  it.each([
    [{ a: 1, b: 2 }, null],
    [
      { a: 1, b: 2, c: 3 },
      { field: 'states', reason: 'more than 2 entries' },
    ],
    [{ a: 'x' }, { field: 'states.a' }],
    [{ toolong: 1 }, { field: 'states.toolong' }],
    [[], { field: 'states' }],
    [null, { field: 'states' }],
  ])('recordOf: %j -> the first fault', (states, fault) => {
    const validated = validate({ states }, schema);
    if (fault === null) expect(validated).toEqual({ ok: true, value: { states } });
    else expect(validated).toMatchObject({ ok: false, error: fault });
  });
});
