// An action on a model of a node in the HTTP API and the dashboard (api §1).
import { z } from 'zod';
import { MODEL_ACTIONS } from '../protocol/model-control';
import { modelIdSchema, nodeIdSchema } from '../protocol/node-messages';

export const modelActSchema = z.strictObject({ node_id: nodeIdSchema, model_id: modelIdSchema, action: z.enum(MODEL_ACTIONS) });
export type ModelAct = z.infer<typeof modelActSchema>;

/** `done`: the node has completed the action. `started`: the action takes longer, and the residency of the model shows its end. */
export const modelActAnswerSchema = z.object({ ...modelActSchema.shape, state: z.enum(['done', 'started']) });
export type ModelActAnswer = z.infer<typeof modelActAnswerSchema>;

/** Clients wait 10 s for an answer. The longest time that the scheduler waits for the end of an action before it answers `started`. */
export const MAX_ACT_WAIT_MS = 5000;
