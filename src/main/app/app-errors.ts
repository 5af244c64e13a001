// The failures that only the app itself has, beside those of the error catalogue. Words are for logs and command lines; the
// UI translates by code.
import type { AppError } from '../../shared/api/app-api';
import { type ErrorCode, messageOf } from '../../shared/protocol/codes';
import { fail } from '../../shared/result';

const APP_ERRORS = {
  NOT_AVAILABLE_HERE: '此程序不提供该功能 / this program cannot do that',
  DISCONNECTED: '无法连接到调度器 / the scheduler cannot be reached',
  PORT_IN_USE: '端口已被占用 / the port is in use',
  CONFIG_INVALID: '配置无效 / the configuration is invalid',
  DATABASE_UNREADABLE: '数据库无法读取 / the database cannot be read',
  CRASHED: '调度器意外退出 / the scheduler ended unexpectedly',
  TIMEOUT: '等待超时 / it took too long',
  STOPPED: '已停止 / it was stopped',
} as const;

export type AppErrorCode = keyof typeof APP_ERRORS;
type Failure = { readonly ok: false; readonly error: AppError };

/** A failed outcome with the words of its code. */
export function failure(code: AppErrorCode | ErrorCode, details: AppError['details'] = null): Failure {
  return fail({ code, message: code in APP_ERRORS ? APP_ERRORS[code as AppErrorCode] : messageOf(code as ErrorCode), details });
}

/** For an operation whose part this program lacks. */
export const notAvailableHere = (): Failure => failure('NOT_AVAILABLE_HERE');
