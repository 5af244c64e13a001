// Which models of a node are in memory, and the actions that change this (protocol §2, §3; ADR 0025).

/** `pinned`: the server does not unload the model for being idle. A model that is left out: unknown. */
export const MODEL_RESIDENCIES = ['cold', 'loading', 'loaded', 'pinned'] as const;
export type ModelResidency = (typeof MODEL_RESIDENCIES)[number];

export const MODEL_ACTIONS = ['load', 'unload', 'pin', 'unpin'] as const;
export type ModelAction = (typeof MODEL_ACTIONS)[number];

/** Why a node refuses an action. `failed`: the model server refused or did not finish the action, with its message. */
export const NODE_CONTROL_CODES = ['unknown_model', 'not_supported', 'not_allowed', 'in_progress', 'has_work', 'pinned', 'failed'] as const;
export type NodeControlCode = (typeof NODE_CONTROL_CODES)[number];

/** The limit of the actions that a model reports: a newer node may report unknown ones, which are dropped. */
export const MAX_REPORTED_ACTIONS = 16;
/** The limit of the message of a model server. */
export const MAX_CONTROL_MESSAGE = 512;

/** The known actions, each once, in the order of `MODEL_ACTIONS`. */
export const knownActions = (actions: readonly string[]): ModelAction[] => MODEL_ACTIONS.filter((action) => actions.includes(action));

export const isInMemory = (residency: ModelResidency | null): boolean => residency === 'loaded' || residency === 'pinned';
