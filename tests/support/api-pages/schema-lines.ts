// A JSON schema of the OpenAPI document as nested list items of Markdown. Pure.
import { wrapped } from './wrapped';

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Types {
  /** The link to the type of this name. */
  link(name: string): string;
  /** The name of the type that is equal to this schema. Null: there is none. */
  nameOf(schema: JsonSchema): string | null;
}

interface Described {
  /** In the line of the field. */
  readonly text: string;
  /** The fields inside. */
  readonly inside: readonly Item[];
}

interface Item extends Described {
  readonly label: string;
}

/** The fields of a type, down to this depth. A type without fields is one line. */
export function typeLines(schema: JsonSchema, types: Types, maxDepth = 8): readonly string[] {
  const { text, inside } = withNotes(shapeOf(schema, types), schema);
  const fields = linesOf(inside, maxDepth);
  if (text === 'object') return fields.length === 0 ? ['An object.'] : fields;
  return [...wrapped(`${capitalised(text)}.`), ...(fields.length === 0 ? [] : ['', ...fields])];
}

/** A list item with the fields inside it. */
export function itemLines(label: string, schema: JsonSchema, types: Types, maxDepth: number): readonly string[] {
  return linesOf([{ label, ...described(schema, types) }], maxDepth);
}

/** One line for a parameter: its type, its limits and its default. */
export const typeText = (schema: JsonSchema, types: Types): string => described(schema, types).text;

function linesOf(items: readonly Item[], maxDepth: number, depth = 0): string[] {
  if (depth > maxDepth) return [];
  const indent = '  '.repeat(depth);
  return items.flatMap(({ label, text, inside }) => [
    ...wrapped(`${label}: ${text}`, `${indent}- `, `${indent}  `),
    ...linesOf(inside, maxDepth, depth + 1),
  ]);
}

function described(schema: JsonSchema, types: Types): Described {
  const name = types.nameOf(schema);
  return withNotes(name === null ? shapeOf(schema, types) : plain(types.link(name)), schema);
}

function withNotes({ text, inside }: Described, schema: JsonSchema): Described {
  const notes = [
    ...('default' in schema && JSON.stringify(schema['default']).length < 40 ? [`default ${code(schema['default'])}`] : []),
    ...(typeof schema['description'] === 'string' ? [schema['description']] : []),
  ];
  return { text: [text, ...notes].join('; '), inside };
}

function shapeOf(schema: JsonSchema, types: Types): Described {
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const name = reference.split('/').at(-1) ?? '';
    // A part of a schema that contains itself, such as a JSON value.
    return plain(name === '#' || name.startsWith('__') ? 'any value' : types.link(name));
  }
  if ('const' in schema) return plain(code(schema['const']));
  if (Array.isArray(schema['enum'])) return plain(schema['enum'].map(code).join(' | '));
  const choices = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(choices)) return choiceOf(choices as JsonSchema[], types);
  const kinds = schema['type'];
  if (Array.isArray(kinds))
    return choiceOf(
      kinds.map((type: unknown) => ({ ...schema, type })),
      types,
    );
  switch (kinds) {
    case 'string':
      return plain(`text${lengthOf(schema)}`);
    case 'integer':
    case 'number':
      return plain(`${kinds}${rangeOf(schema)}`);
    case 'boolean':
    case 'null':
      return plain(kinds);
    case 'array':
      return listOf(schema, types);
    case 'object':
      return objectOf(schema, types);
    default:
      return plain('any value');
  }
}

function choiceOf(choices: readonly JsonSchema[], types: Types): Described {
  const isNull = ({ type }: JsonSchema): boolean => type === 'null';
  const others = choices.filter((choice) => !isNull(choice)).map((choice) => described(choice, types));
  const end = choices.some(isNull) ? ' or null' : '';
  const [only] = others;
  if (others.length === 1 && only !== undefined) return { text: `${only.text}${end}`, inside: only.inside };
  if (others.every(({ inside }) => inside.length === 0)) return plain(`${others.map(({ text }) => text).join(' or ')}${end}`);
  return { text: `one of these${end}`, inside: others.map((one, index) => ({ label: `Form ${String(index + 1)}`, ...one })) };
}

function listOf(schema: JsonSchema, types: Types): Described {
  const { text, inside } = described((schema['items'] ?? {}) as JsonSchema, types);
  const { maxItems } = schema as { readonly maxItems?: number };
  const most = maxItems === undefined || maxItems >= GUARD_LENGTH ? '' : `, at most ${String(maxItems)}`;
  return { text: `list of ${text}${most}`, inside };
}

function objectOf(schema: JsonSchema, types: Types): Described {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);
  const required = (schema['required'] ?? []) as readonly string[];
  const inside = properties.map(([name, property]) => {
    const { text, inside: within } = described(property, types);
    return { label: `\`${name}\`${required.includes(name) ? '' : ' (optional)'}`, text, inside: within };
  });
  const others = schema['additionalProperties'];
  if (others === false && inside.length === 0) return plain('empty object');
  if (typeof others !== 'object' || others === null || Object.keys(others).length === 0) return { text: 'object', inside };
  const value = described(others as JsonSchema, types);
  return { text: `object with a value for each key: ${value.text}`, inside: [...inside, ...value.inside] };
}

const plain = (text: string): Described => ({ text, inside: [] });
const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Lists of answers have bounds from here on, which only protect a client that decodes them. */
const GUARD_LENGTH = 10_000;

const isBound = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER;

function lengthOf({ minLength, maxLength }: JsonSchema): string {
  if (isBound(maxLength))
    return `, ${isBound(minLength) && minLength > 0 ? `${String(minLength)} to` : 'at most'} ${String(maxLength)} characters`;
  return isBound(minLength) && minLength > 0 ? ', not empty' : '';
}

function rangeOf({ minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  const least = isBound(minimum) ? String(minimum) : null;
  if (isBound(exclusiveMinimum)) return `, above ${String(exclusiveMinimum)}${isBound(maximum) ? `, at most ${String(maximum)}` : ''}`;
  if (least !== null && isBound(maximum)) return `, ${least} to ${String(maximum)}`;
  if (least !== null) return `, at least ${least}`;
  return isBound(maximum) ? `, at most ${String(maximum)}` : '';
}
