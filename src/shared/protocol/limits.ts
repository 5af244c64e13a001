// Limits of the node protocol (protocol §1-2). Both sides use these limits.

export const PROTOCOL_VERSION = '1.0';
export const CAPABILITY_SCHEMA_VERSION = '1.0';
export const NODE_SOCKET_PATH = '/ws/node';
/** Headers of the upgrade, in which a known node names itself and proves its id (protocol §1). */
export const NODE_ID_HEADER = 'muster-node-id';
export const NODE_TOKEN_HEADER = 'muster-node-token';
/** A random text of the joiner, beside the key of an invitation. */
export const JOIN_NONCE_HEADER = 'muster-join-nonce';
/** A header of a refused upgrade: the error code. */
export const ERROR_CODE_HEADER = 'X-Muster-Error';

/** One epoch for each change of the leader stays far below it. */
export const MAX_LEADER_EPOCH = 2 ** 52;

/** The frame limit before registration. Afterwards the limit is `max_message_bytes` of `node_register_ack`. */
export const MAX_UNREGISTERED_MESSAGE_BYTES = 64 * 1024;
/** The frame limit of a registered node that has had no job on this connection. Reports of 1,024 models are smaller. */
export const MAX_IDLE_MESSAGE_BYTES = 1024 * 1024;
/** A frame whose last byte comes later closes the connection with `CLOSE_CODES.messageTimeout`. */
export const MESSAGE_TIMEOUT_MS = 10_000;
export const DEFAULT_MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** The limit of a task as JSON. It leaves space in the frame for the rest of its `job_assign`. */
export const MAX_TASK_BYTES = DEFAULT_MAX_MESSAGE_BYTES - 256 * 1024;

/** The depth limit for requests and answers of a runtime. Tools and schemas need many levels, and a list of objects counts three. */
export const MAX_BODY_DEPTH = 64;
/**
 * JSON nested deeper than this is refused before it is parsed, since a megabyte of `[` is expensive to parse and cheap to send. A
 * message wraps a body (`task.body`), an answer (`output.body`) or a chunk (`output.events[0]`) into at most three levels.
 */
export const MAX_JSON_DEPTH = MAX_BODY_DEPTH + 8;

/**
 * The limit of the cost of the structure of a JSON text (`json-structure.ts`): about 450,000 numbers, 100,000 short strings, 40,000 names
 * that are all different, or 175,000 empty objects. Long strings are cheap. More would stop the scheduler for more than 50 ms.
 */
export const MAX_JSON_COST = 700_000;
/** A task was checked when it was submitted. As a part of `job_assign` its numbers may have become longer (`1e20`). */
export const MAX_ASSIGN_COST = 4 * MAX_JSON_COST;

/** After this many invalid messages within the window the scheduler closes the socket with `CLOSE_CODES.tooManyInvalidMessages`. */
export const MAX_INVALID_MESSAGES = 20;
export const INVALID_MESSAGE_WINDOW_MS = 10_000;

export const PING_INTERVAL_MS = 15_000;
/** After this time without a pong the connection is half-open and is terminated. */
export const PONG_TIMEOUT_MS = 30_000;

export const MAX_GPUS = 64;
export const MAX_MODELS = 1024;
/** The limit of the tasks that a model reports: more than the kinds of tasks, since a newer node may report unknown ones. */
export const MAX_REPORTED_TASKS = 64;
/** The limit of the measured speed of a model, far above any real speed. */
export const MAX_TOKENS_PER_SECOND = 1_000_000;
/** The limit of a memory, of a machine, a GPU or a model, far above any real one. */
export const MAX_MEMORY_GB = 65_536;
/** Limits of the timings of a result, far above any real ones. An attempt takes at most a week. */
export const MAX_TIMING_MS = 7 * 86_400_000;
export const MAX_TIMING_TOKENS = 100_000_000;
export const MAX_INPUT_UNITS = 1_000_000_000;
export const MAX_NAME_LENGTH = 128;
export const MAX_ACTIVE_JOBS = 256;
export const MAX_CONCURRENT_JOBS = 256;

/** The range of the heartbeat interval. Other values would make a node send heartbeats without pause, or never. */
export const MIN_HEARTBEAT_INTERVAL_SECONDS = 0.01;
export const MAX_HEARTBEAT_INTERVAL_SECONDS = 30 * 86_400;
/** While `registering`, a node sends heartbeats at a fifth of the interval, at the latest after the maximum below. */
export const REGISTERING_INTERVAL_DIVISOR = 5;
export const MAX_REGISTERING_INTERVAL_SECONDS = 3;
/** The interval varies at random by up to this share, so that nodes do not send their heartbeats at the same time. */
export const HEARTBEAT_JITTER = 0.1;
/** Changes of GPUs, models or capability state are collected for this long, then sent in one heartbeat. */
export const HEARTBEAT_DEBOUNCE_MS = 1000;
