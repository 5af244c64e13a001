// Bounds on everything that crosses the node protocol (protocol §1-2). Both sides use these and no others.

export const PROTOCOL_VERSION = '1.0';
export const CAPABILITY_SCHEMA_VERSION = '1.0';
export const NODE_SOCKET_PATH = '/ws/node';

/** A frame before registration may be this large; afterwards `max_message_bytes` of the configuration holds, which the ack tells. */
export const MAX_UNREGISTERED_MESSAGE_BYTES = 64 * 1024;
export const DEFAULT_MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** A task as JSON: the rest of its `job_assign` fits into the frame beside it. */
export const MAX_TASK_BYTES = DEFAULT_MAX_MESSAGE_BYTES - 256 * 1024;

/** What a client asks a runtime and what that answers: room for tools and schemas, where one level of a list of objects takes three. */
export const MAX_BODY_DEPTH = 64;
/**
 * JSON nested deeper than this is refused before it is parsed: a megabyte of `[` costs a parser more than a sender. A message wraps a
 * body (`task.body`), an answer (`output.body`) or a chunk (`output.events[0]`) into at most three levels.
 */
export const MAX_JSON_DEPTH = MAX_BODY_DEPTH + 8;

/** This many invalid messages within the window close the socket with `CLOSE_CODES.tooManyInvalidMessages`. */
export const MAX_INVALID_MESSAGES = 20;
export const INVALID_MESSAGE_WINDOW_MS = 10_000;

export const PING_INTERVAL_MS = 15_000;
/** No pong for this long and the peer is half-open: the socket is terminated. */
export const PONG_TIMEOUT_MS = 30_000;

export const MAX_GPUS = 64;
export const MAX_MODELS = 1024;
/** Of a model: more than there are kinds of tasks, so that a newer node may tell of some that are not known yet. */
export const MAX_TOLD_TASKS = 64;
/** Of a model's measured speed: far above any, so that no figure can be absurd. */
export const MAX_TOKENS_PER_SECOND = 1_000_000;
export const MAX_NAME_LENGTH = 128;
export const MAX_ACTIVE_JOBS = 256;
export const MAX_CONCURRENT_JOBS = 256;

/** What a scheduler can be set to: a node that is told anything else would beat all the time, or never. */
export const MIN_HEARTBEAT_INTERVAL_SECONDS = 0.01;
export const MAX_HEARTBEAT_INTERVAL_SECONDS = 30 * 86_400;
/** While `registering` a node heartbeats at a fifth of the interval, and at least this often. */
export const REGISTERING_INTERVAL_DIVISOR = 5;
export const MAX_REGISTERING_INTERVAL_SECONDS = 3;
/** Up to this share of the interval is added or taken at random, so that nodes do not beat in step. */
export const HEARTBEAT_JITTER = 0.1;
/** Changes of GPUs, models or capability state are gathered for this long, then sent at once. */
export const HEARTBEAT_DEBOUNCE_MS = 1000;
