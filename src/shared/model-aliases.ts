// The names that the operator gives to models, in the configuration: `NAME=MODEL`, such as `gpt-4o-mini=qwen2.5:7b` (ADR 0049). A name with
// several entries has fallbacks, in the order of the entries.
import { modelIdSchema } from './protocol/node-messages';

/** The name of the rule that takes the best ready model. */
export const AUTO_MODEL = 'auto';

/** Bounds the work of one request, and the header that names what was left out. */
export const MAX_ALIAS_TARGETS = 8;
export const MAX_ALIAS_ENTRIES = 256;

export interface AliasEntry {
  readonly name: string;
  readonly model: string;
}

/** By name: the models in order. */
export type ModelAliases = ReadonlyMap<string, readonly string[]>;

/** Null: not such an entry. A name has no `=`; the id of a model may have one. */
export function parseAlias(text: string): AliasEntry | null {
  const at = text.indexOf('=');
  const name = modelIdSchema.safeParse(text.slice(0, Math.max(0, at)).trim());
  const model = modelIdSchema.safeParse(text.slice(at + 1).trim());
  return at < 0 || !name.success || !model.success ? null : { name: name.data, model: model.data };
}

export interface AliasFault {
  /** The entry. */
  readonly at: number;
  readonly reason: string;
}

/** The first entry that contradicts the others. Entries that are not readable are left out. */
export function aliasFault(texts: readonly string[]): AliasFault | null {
  const entries = texts.map(parseAlias);
  const names = new Set(entries.map((entry) => entry?.name));
  const seen = new Map<string, Set<string>>();
  for (const [at, entry] of entries.entries()) {
    if (entry === null) continue;
    const { name, model } = entry;
    if (name === AUTO_MODEL) return { at, reason: `${AUTO_MODEL} is the name of a rule: choose another name` };
    if (model === AUTO_MODEL) return { at, reason: `${AUTO_MODEL} is the name of a rule: name a model` };
    // The model of the same name, with fallbacks, is no alias.
    if (model !== name && names.has(model)) return { at, reason: `${model} is an alias: name the model itself` };
    const models = seen.get(name) ?? new Set();
    if (models.has(model)) return { at, reason: `${name} has ${model} twice` };
    if (models.size === MAX_ALIAS_TARGETS) return { at, reason: `${name} has more than ${String(MAX_ALIAS_TARGETS)} models` };
    seen.set(name, models.add(model));
  }
  return null;
}

export function aliasesOf(texts: readonly string[]): ModelAliases {
  const aliases = new Map<string, string[]>();
  for (const entry of texts.map(parseAlias)) {
    if (entry !== null) aliases.set(entry.name, [...(aliases.get(entry.name) ?? []), entry.model]);
  }
  return aliases;
}

interface ModelNamesView {
  readonly aliases?: string[];
  readonly replaced_by?: string;
}

/** The further names of each model, and which model has the name of another one. */
export function modelNames(aliases: ModelAliases): (modelId: string) => ModelNamesView {
  const byModel = new Map<string, string[]>();
  for (const [name, models] of aliases) {
    for (const model of models) if (model !== name) byModel.set(model, [...(byModel.get(model) ?? []), name]);
  }
  return (modelId) => {
    const [names, first] = [byModel.get(modelId), aliases.get(modelId)?.[0]];
    return {
      ...(names === undefined ? {} : { aliases: names }),
      ...(first === undefined || first === modelId ? {} : { replaced_by: first }),
    };
  };
}
