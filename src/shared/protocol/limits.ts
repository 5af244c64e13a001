// Limits of the node protocol (protocol §1-2). Both sides use these limits.

export const PROTOCOL_VERSION = '1.0';
export const CAPABILITY_SCHEMA_VERSION = '1.0';
export const NODE_SOCKET_PATH = '/ws/node';
/** A header of a refused upgrade: the error code. */
export const ERROR_CODE_HEADER = 'X-Muster-Error';

/** The frame limit before registration. Afterwards the limit is `max_message_bytes` of `node_register_ack`. */
export const MAX_UNREGISTERED_MESSAGE_BYTES = 64 * 1024;
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
/** The limit of the memory of a model, far above any real one. */
export const MAX_MODEL_GB = 65_536;
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
