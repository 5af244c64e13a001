// Texts of the error codes: those of the node protocol (as protocol §4 specifies them), of the HTTP API, and of AppApi.
import type { ReasonText } from './reason-text';

export const NODE_ERROR_TEXTS = {
  INVALID_MESSAGE: { zh: '消息格式无效', en: 'invalid message' },
  INVALID_CAPABILITY_SCHEMA: {
    zh: '不支持的能力描述版本，请更新节点客户端',
    en: 'unsupported capability schema version, update the agent',
  },
  NO_GPU_AVAILABLE: { zh: '节点必须有显卡才能注册为算力提供方', en: 'a node needs a GPU to register' },
  NODE_ID_CONFLICT: {
    zh: '节点 ID 冲突，请清除本地 node_id 后重新注册',
    en: 'node ID conflict: clear the stored node_id and register again',
  },
  POOL_FULL: { zh: '调度器的节点数或模型数已达上限', en: 'the scheduler knows the maximum number of nodes or models' },
  TOO_MANY_REGISTRATIONS: { zh: '注册过于频繁，请稍后重试', en: 'too many registrations, try again later' },
  NOT_REGISTERED: { zh: '节点未注册', en: 'this connection has not registered that node' },
  NOT_LEADER: {
    zh: '此调度器不是集群的主调度器，当前由另一台调度器主导',
    en: 'this scheduler of the cluster does not lead: another one does',
  },
  INTERNAL_ERROR: { zh: '调度服务器内部错误，请稍后重试', en: 'scheduler error, try again later' },
  NO_AVAILABLE_NODE: { zh: '当前没有可用节点', en: 'no node can take this job now' },
} as const satisfies Readonly<Record<string, ReasonText>>;

export const HTTP_ERROR_TEXTS = {
  INVALID_REQUEST: { zh: '请求无效', en: 'invalid request' },
  UNAUTHORIZED: { zh: '需要有效的密钥', en: 'a valid key is required' },
  FORBIDDEN: { zh: '此密钥无权执行该操作', en: 'this key does not allow the action' },
  REVOKED: { zh: '此密钥或成员已被撤销', en: 'this key or member was revoked' },
  LIMIT_REACHED: { zh: '此密钥已达到上限', en: 'this key has reached a limit' },
  HOST_NOT_ALLOWED: { zh: '调度器不接受此主机名', en: 'the scheduler does not accept this host name' },
  ORIGIN_NOT_ALLOWED: { zh: '已拦截：请求来自其他网站', en: 'blocked: the request came from another website' },
  NOT_FOUND: { zh: '不存在', en: 'not found' },
  METHOD_NOT_ALLOWED: { zh: '不支持的方法', en: 'method not allowed' },
  REQUEST_TIMEOUT: { zh: '请求未在限定时间内送达', en: 'the request did not arrive in time' },
  INVALID_STATE: { zh: '当前状态下无法执行此操作', en: 'not possible in the current state' },
  PAYLOAD_TOO_LARGE: { zh: '请求过大', en: 'the request is too large' },
  TLS_REQUIRED: {
    zh: '需要 TLS：请使用 https:// 或 wss://，并信任算力池的 ca.pem',
    en: 'TLS is required: use https:// or wss://, and trust ca.pem of the pool',
  },
  IDEMPOTENCY_KEY_REUSED: { zh: '该幂等键已用于另一个请求', en: 'this idempotency key belongs to another request' },
  TOO_MANY_ATTEMPTS: {
    zh: '此地址多次使用错误的密钥，请稍后重试',
    en: 'too many wrong keys from this address, try again later',
  },
  QUEUE_FULL: { zh: '任务队列已满', en: 'the queue is full' },
  STORAGE_FULL: { zh: '调度器没有空间存放新任务', en: 'the scheduler has no space for new jobs' },
  OVERLOADED: { zh: '调度器正忙于处理其他连接', en: 'the scheduler is busy with other connections' },
} as const satisfies Readonly<Record<string, ReasonText>>;

/** Failures of operations of the app itself. A scheduler does not answer with these codes. */
export const APP_ERROR_TEXTS = {
  NOT_AVAILABLE_HERE: { zh: '当前运行模式不支持', en: 'not available in this mode' },
  NOT_CONNECTED: { zh: '未连接调度器', en: 'not connected to a scheduler' },
  DISCONNECTED: { zh: '无法连接到调度器', en: 'the scheduler cannot be reached' },
  SETTING_REFUSED: { zh: '设置未更改', en: 'the setting was not changed' },
  FILE_NOT_WRITTEN: { zh: '无法写入文件', en: 'the file could not be written' },
  NOT_JOINED: { zh: '未能加入', en: 'not joined' },
  STOPPED: { zh: '操作被中断', en: 'the action was interrupted' },
} as const satisfies Readonly<Record<string, ReasonText>>;

export type AppErrorCode = keyof typeof APP_ERROR_TEXTS;

export const isAppErrorCode = (code: string): code is AppErrorCode => Object.hasOwn(APP_ERROR_TEXTS, code);

/** The text for a hosted scheduler that did not start. The error code beside this text comes from the scheduler. */
export const HOST_NOT_STARTED: ReasonText = { zh: '调度器未能启动', en: 'the scheduler did not start' };
