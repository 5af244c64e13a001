// The texts of zod for a value that a schema refuses, in the words of this project. The texts of the schemas themselves stay as they are.
import type { z } from 'zod';

const NAMES_OF_TYPES: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

/** What zod says where the schema gives no text. */
const OF_ZOD = /^(?:Invalid input|Invalid option|Invalid string|Too small|Too big)\b/;
const MISSING = /received undefined$/;

/** `expected at most 100`, `expected "idle" or "always"`, `is missing`. `names`: of the expected types, where they differ. */
export function issueText(issue: z.core.$ZodIssue | undefined, names: Readonly<Record<string, string>> = NAMES_OF_TYPES): string {
  if (issue === undefined) return 'invalid';
  if (!OF_ZOD.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return MISSING.test(issue.message) ? 'is missing' : `expected ${names[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `expected ${oneOf(issue.values.map((value) => JSON.stringify(value)))}`;
    case 'too_big':
      return `expected at most ${String(issue.maximum)}${unitOf(issue.origin)}`;
    case 'too_small':
      return `expected ${issue.inclusive === false ? 'more than' : 'at least'} ${String(issue.minimum)}${unitOf(issue.origin)}`;
    case 'invalid_format':
      return issue.format === 'regex' ? 'has a character or a form that is not allowed' : issue.message;
    case 'custom':
    case 'invalid_element':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return issue.message;
  }
}

const unitOf = (origin: string): string => (origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '');

const oneOf = (values: readonly (string | undefined)[]): string =>
  values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1) ?? ''}`;
