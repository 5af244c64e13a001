// The `command` section of a manifest: the program that runs a model's jobs, written by the owner. Jobs can choose only what is
// declared here.
import { z } from 'zod';
import { pathFault } from '../model-folders/relative-path';
import { areTooSlow, argument, defaultFault, paramSpecSchema } from './params';

const MAX_ARGUMENTS = 256;
const MAX_PARAMS = 64;
const MAX_TIMEOUT_SECONDS = 7 * 24 * 3600;

const PARAM_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const contentType = z
  .string()
  .regex(/^[A-Za-z0-9.+*-]+\/[A-Za-z0-9.+*-]+(; ?[A-Za-z0-9=._-]+)*$/, { error: 'expected a content type such as text/plain' });

const programSchema = argument.superRefine((program, context) => {
  if (program === '') context.addIssue({ code: 'custom', message: 'names no program' });
  const fault = isBelowFolder(program) ? pathFault(program.replace(/^\.\//, '')) : null;
  if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  if (placeholdersOf(program).length > 0) context.addIssue({ code: 'custom', message: 'a job cannot choose the program' });
});

export const commandSchema = z
  .strictObject({
    /** The program and its arguments. No shell interprets them. */
    argv: z
      .tuple([programSchema], argument)
      .refine(({ length }) => length <= MAX_ARGUMENTS, { error: `more than ${String(MAX_ARGUMENTS)} arguments` }),
    input: z.strictObject({ as: z.enum(['stdin', 'file']) }),
    output: z.strictObject({ from: z.enum(['stdout', 'file']), content_type: contentType }),
    /** Accepted types of the input. `audio/*` accepts every audio type. */
    content_types: z.array(contentType).min(1).max(64).default(['text/plain']),
    timeout_seconds: z.number().positive().max(MAX_TIMEOUT_SECONDS).optional(),
    params: z.record(z.string().regex(PARAM_NAME, { error: 'expected a name of letters, digits and _' }), paramSpecSchema).default({}),
  })
  .superRefine(({ argv, input, output, params }, context) => {
    const refuse = (path: string, message: string) => {
      context.addIssue({ code: 'custom', path: [path], message });
    };
    const used = new Set(argv.slice(1).flatMap(placeholdersOf));
    if (used.has('input') !== (input.as === 'file')) refuse('argv', 'has {input} if, and only if, the input is a file');
    if (used.has('output') !== (output.from === 'file')) refuse('argv', 'has {output} if, and only if, the output is a file');
    const names = Object.keys(params);
    if (names.length > MAX_PARAMS) refuse('params', `more than ${String(MAX_PARAMS)}`);
    for (const name of names) if (!used.has(`param.${name}`)) refuse('params', `${name} is not used in argv`);
    if (areTooSlow(params)) refuse('params', 'the patterns together repeat too often: use * or + instead of large counts');
    const badDefault = defaultFault(params);
    if (badDefault !== null) refuse('params', `the default of ${badDefault.param} is refused by its own rule: ${badDefault.reason}`);
    for (const placeholder of used) {
      const name = placeholder.startsWith('param.') ? placeholder.slice('param.'.length) : null;
      if (name !== null && !Object.hasOwn(params, name)) refuse('argv', `{${placeholder}} is not declared in params`);
    }
  });

export type CommandSpec = z.output<typeof commandSchema>;

/** A relative path with a folder is below the model's folder. A bare name is searched in PATH. */
export const isBelowFolder = (program: string): boolean =>
  program.includes('/') && !program.startsWith('/') && !/^[A-Za-z]:[\\/]/.test(program);

/** `{input}`, `{output}` and `{param.NAME}`, alone or inside an argument. No shell interprets the arguments. */
const PLACEHOLDER = /\{(input|output|param\.[A-Za-z0-9_]+)\}/g;

export const placeholdersOf = (argument: string): readonly string[] => [...argument.matchAll(PLACEHOLDER)].map(([, name]) => name ?? '');

/** Replaces every placeholder once: text inside a value is never a placeholder. A placeholder without a value stays. */
export const fillIn = (argument: string, values: ReadonlyMap<string, string>): string =>
  argument.replace(PLACEHOLDER, (whole, name: string) => values.get(name) ?? whole);
