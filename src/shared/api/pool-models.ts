// The models of a pool in the API and the dashboard: the views of nodes in lists and events leave their models out.
import { z } from 'zod';
import { MAX_ALIAS_ENTRIES } from '../model-aliases';
import { MAX_LIST } from '../protocol/bounded';
import { abilitiesSchema, contextTokensSchema } from '../protocol/model-abilities';
import { MODEL_KINDS } from '../protocol/node-messages';
import { TASK_KINDS } from '../protocol/task-kinds';

const count = z.number().int().min(0);

/** A model that is ready on at least one node. `tasks` null: a node does not report its tasks. */
export const readyModelSchema = z.object({
  model_id: z.string(),
  kind: z.enum(MODEL_KINDS),
  tasks: z.array(z.enum(TASK_KINDS)).max(TASK_KINDS.length).nullable(),
  nodes_ready: count,
  /** The nodes that have it in memory, of those on which it is ready. Absent: a scheduler of an earlier version. */
  nodes_loaded: count.optional(),
  /** Those of `nodes_ready` that give it no jobs, because it failed there repeatedly. Absent: none. */
  nodes_failing: count.optional(),
  /** The largest GPU memory that it used on a node, GB. Absent: no node has reported it. */
  vram_gb: z.number().min(0).optional(),
  /** The mean of the nodes that measured it. Absent: none has. */
  tokens_per_second: z.number().positive().optional(),
  /** Those that some node reports. Absent, also a single ability: not known. */
  abilities: abilitiesSchema.optional(),
  /** The longest prompt with its answer, tokens: the smallest of the nodes that report it. Absent: none does. */
  context_tokens: contextTokensSchema.optional(),
  /** Further names, by which clients may ask for the model (`scheduler.openai.model_aliases`). Absent: none. */
  aliases: z.array(z.string()).max(MAX_ALIAS_ENTRIES).optional(),
  /** The model that requests for this id get, since an alias has its name. Absent: this one. */
  replaced_by: z.string().optional(),
});
export type ReadyPoolModel = z.infer<typeof readyModelSchema>;

/** The nodes that give it jobs: it is ready there, and does not fail repeatedly. */
export const takingNodes = ({ nodes_ready: ready, nodes_failing: failing = 0 }: ReadyPoolModel): number => ready - failing;

/** The dashboard offers this many models. */
export const MAX_LISTED_MODELS = 2000;
export const readyModelsSchema = z.object({ models: z.array(readyModelSchema).max(MAX_LISTED_MODELS) });

export const modelSearchSchema = z.strictObject({ model: z.string().min(1).max(256) });
/** The nodes that have a model whose id contains a text. */
export const modelNodesSchema = z.object({ node_ids: z.array(z.string()).max(MAX_LIST) });
export type ModelNodes = z.infer<typeof modelNodesSchema>;
