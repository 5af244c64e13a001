// `muster-model.json`, the manifest of a model folder. Unknown keys are errors, so that a misspelt key is not ignored.
// readiness.ts decides whether the files exist.
import { z } from 'zod';
import { MODEL_KINDS, modelIdSchema } from '../../../../shared/protocol/node-messages';
import type { ModelFolderProblem } from './local-model';
import { fieldPath, parseJsonObject } from '../../../../shared/protocol/decode';
import { fail, ok, type Result } from '../../../../shared/result';
import { commandSchema } from '../command/command-spec';
import { pathFault } from './relative-path';

export const MANIFEST_NAME = 'muster-model.json';
export const MAX_MANIFEST_BYTES = 1024 * 1024;
const MAX_FILES = 4096;

const lang = z.string().min(1).max(64);

const fileSchema = z.strictObject({
  path: z.string().superRefine((path, context) => {
    const fault = pathFault(path);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  }),
  /** Bytes. */
  size: z.number().int().min(0),
  sha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, { error: 'expected 64 hexadecimal digits' })
    .transform((digest) => digest.toLowerCase()),
});

export const manifestSchema = z
  .strictObject({
    model_id: modelIdSchema,
    kind: z.enum(MODEL_KINDS),
    src_lang: lang.optional(),
    tgt_lang: lang.optional(),
    dialect: lang.optional(),
    version: z.string().min(1).max(128),
    files: z.array(fileSchema).max(MAX_FILES),
    /** The process that serves the model: it must be running. */
    process: z.string().min(1).max(256).optional(),
    min_gpu_memory_gb: z.number().min(0).optional(),
    /** The program that runs the model's jobs. */
    command: commandSchema.optional(),
  })
  .superRefine(({ files, process, command }, context) => {
    if (files.length === 0 && process === undefined && command === undefined)
      context.addIssue({ code: 'custom', path: ['files'], message: 'has no file, no process and no command: nothing can be verified' });
    const paths = new Set<string>();
    for (const [index, { path }] of files.entries()) {
      if (paths.has(path)) context.addIssue({ code: 'custom', path: ['files', index, 'path'], message: `${path} is listed twice` });
      paths.add(path);
    }
  });

export type Manifest = z.output<typeof manifestSchema>;
export type ManifestFile = Manifest['files'][number];

/** Without the folder, which the parser does not know. */
export type ManifestFault = Omit<ModelFolderProblem, 'folder'>;

/** Parses a manifest. On failure, the first fault with its field. */
export function parseManifest(text: string): Result<Manifest, ManifestFault> {
  const parsed = parseJsonObject(text);
  if (!parsed.ok) return fail({ code: 'not_json', ...parsed.error });
  const outcome = manifestSchema.safeParse(parsed.value);
  if (outcome.success) return ok(outcome.data);
  const issue = outcome.error.issues[0];
  // zod reports an unknown key on its object: the field is the key itself.
  if (issue?.code === 'unrecognized_keys')
    return fail({ code: 'key_unknown', field: fieldPath([...issue.path, issue.keys[0] ?? '']), reason: 'unknown key' });
  return fail({ code: 'field_invalid', field: fieldPath(issue?.path ?? []), reason: issue?.message ?? 'invalid' });
}
