// The error catalogue: the codes of a scheduler with texts and HTTP status, and the close codes of the node socket (protocol §1, §4).
// The UI translates the codes itself.

export const NODE_ERRORS = {
  INVALID_MESSAGE: { zh: '消息格式无效', en: 'invalid message', httpStatus: 400 },
  INVALID_CAPABILITY_SCHEMA: {
    zh: '不支持的能力描述版本，请更新节点客户端',
    en: 'unsupported capability schema version, update the agent',
    httpStatus: 400,
  },
  NO_GPU_AVAILABLE: { zh: '节点必须有 GPU 才能注册为算力提供方', en: 'a node needs a GPU to register', httpStatus: 400 },
  NODE_ID_CONFLICT: {
    zh: '节点 ID 冲突，请清除本地 node_id 后重新注册',
    en: 'node ID conflict: clear the stored node_id and register again',
    httpStatus: 409,
  },
  NOT_REGISTERED: { zh: '节点未注册', en: 'this connection has not registered that node', httpStatus: 409 },
  INTERNAL_ERROR: { zh: '调度服务器内部错误，请稍后重试', en: 'scheduler error, try again later', httpStatus: 500 },
  NO_AVAILABLE_NODE: { zh: '当前没有可用节点', en: 'no node can take this job now', httpStatus: 503 },
} as const;

export type NodeErrorCode = keyof typeof NODE_ERRORS;

/** Errors of the HTTP API that the node socket does not have. */
export const HTTP_ERRORS = {
  INVALID_REQUEST: { zh: '请求无效', en: 'invalid request', httpStatus: 400 },
  UNAUTHORIZED: { zh: '需要有效的访问令牌', en: 'a valid access token is required', httpStatus: 401 },
  FORBIDDEN: { zh: '此令牌无权执行该操作', en: 'this token does not allow the operation', httpStatus: 403 },
  HOST_NOT_ALLOWED: { zh: '不允许的 Host 请求头', en: 'this Host header is not allowed', httpStatus: 403 },
  ORIGIN_NOT_ALLOWED: { zh: '不允许的来源', en: 'requests from this origin are not allowed', httpStatus: 403 },
  NOT_FOUND: { zh: '不存在', en: 'not found', httpStatus: 404 },
  METHOD_NOT_ALLOWED: { zh: '不支持的方法', en: 'method not allowed', httpStatus: 405 },
  REQUEST_TIMEOUT: { zh: '请求未在限定时间内送达', en: 'the request did not arrive in time', httpStatus: 408 },
  INVALID_STATE: { zh: '当前状态下无法执行此操作', en: 'not possible in the current state', httpStatus: 409 },
  PAYLOAD_TOO_LARGE: { zh: '请求过大', en: 'the request is too large', httpStatus: 413 },
  IDEMPOTENCY_KEY_REUSED: { zh: '该幂等键已用于另一个请求', en: 'this idempotency key belongs to another request', httpStatus: 422 },
  QUEUE_FULL: { zh: '任务队列已满，请稍后重试', en: 'the queue is full, try again later', httpStatus: 429 },
  STORAGE_FULL: { zh: '存储空间不足，无法接受新任务', en: 'no disk space for new jobs', httpStatus: 507 },
  OVERLOADED: { zh: '服务器繁忙，请稍后重试', en: 'too many connections are being opened, try again later', httpStatus: 503 },
} as const;

const ERRORS = { ...NODE_ERRORS, ...HTTP_ERRORS };
export type ErrorCode = keyof typeof ERRORS;

/** The message of a code on the wire: `<zh> / <en>` (protocol §4). */
export const messageOf = (code: ErrorCode): string => `${ERRORS[code].zh} / ${ERRORS[code].en}`;

export const httpStatusOf = (code: ErrorCode): number => ERRORS[code].httpStatus;

/** The `Retry-After` of a code in seconds. Null: a retry alone does not help. */
export const retryAfterSecondsOf = (code: ErrorCode): number | null => RETRY_AFTER_SECONDS[code] ?? null;

const RETRY_AFTER_SECONDS: Partial<Record<ErrorCode, number>> = {
  QUEUE_FULL: 5,
  OVERLOADED: 5,
  NO_AVAILABLE_NODE: 15,
  STORAGE_FULL: 30,
};

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);

/** Why the scheduler closed the socket of a node (protocol §1). */
export const CLOSE_CODES = {
  schedulerStopping: 1001,
  registrationTimeout: 4001,
  replaced: 4002,
  removed: 4003,
  heartbeatTimeout: 4004,
  tooManyInvalidMessages: 4008,
  tooSlow: 4009,
} as const;

export type CloseCode = (typeof CLOSE_CODES)[keyof typeof CLOSE_CODES];
