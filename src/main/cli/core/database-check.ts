// What `muster doctor` finds about the database of a cluster: the problems, and what to do about each.
import type { Localized } from '../../../shared/language';
import type { Fault } from '../../scheduler/database/postgres/core/faults';
import { type Finding, findingRows, fixLines } from './cluster-findings';
import type { MessageContext } from './message-context';

export const DATABASE_PROBLEMS = [
  'settings',
  'password_file',
  'ca_file',
  'unreachable',
  'tls',
  'auth',
  'no_database',
  'no_primary',
  'permission',
  'too_new',
  'not_durable',
  'failed',
] as const;
export type DatabaseProblem = (typeof DATABASE_PROBLEMS)[number];

/** No problem: a member can use the database. */
export interface DatabaseCheck {
  readonly problems: readonly Finding<DatabaseProblem>[];
  /** Null: no connection. */
  readonly server_version: string | null;
  /** Between a question and its answer, ms. */
  readonly answer_ms: number | null;
}

const FIXES: Readonly<Record<DatabaseProblem, Localized>> = {
  settings: {
    en: 'A part of cluster.database_url is not valid: correct it. The form is postgres://USER@HOST:PORT/DATABASE.',
    zh: 'cluster.database_url 的一部分无效：请更正。格式为 postgres://用户@主机:端口/数据库。',
  },
  password_file: {
    en: 'cluster.database_password_file cannot be read. Correct the path or the permissions of the file.',
    zh: '无法读取 cluster.database_password_file。请更正路径或文件权限。',
  },
  ca_file: {
    en: 'The file of sslrootcert in cluster.database_url cannot be read. Correct the path or the permissions of the file.',
    zh: '无法读取 cluster.database_url 中 sslrootcert 指定的文件。请更正路径或文件权限。',
  },
  unreachable: {
    en: 'No server of cluster.database_url accepts connections. Start PostgreSQL, and check the addresses, listen_addresses and the firewall of its host.',
    zh: 'cluster.database_url 中没有服务器接受连接。请启动 PostgreSQL，并检查地址、listen_addresses 及其主机的防火墙。',
  },
  tls: {
    en: 'No TLS connection to the server. The server must have ssl = on, its certificate must be from the CA of sslrootcert, for the host of cluster.database_url, and not expired.',
    zh: '无法与服务器建立 TLS 连接。服务器须设置 ssl = on；其证书须由 sslrootcert 的 CA 签发、适用于 cluster.database_url 中的主机且未过期。',
  },
  auth: {
    en: 'The server refuses the user, the password, or this kind of connection (with or without TLS). Compare cluster.database_url and the password with pg_hba.conf and the roles of the server.',
    zh: '服务器拒绝了用户、密码或此类连接（是否使用 TLS）。请将 cluster.database_url 和密码与 pg_hba.conf 及服务器的角色进行核对。',
  },
  no_database: {
    en: 'The server does not have the database of cluster.database_url. Create it with createdb, owned by the user of Muster.',
    zh: '服务器上没有 cluster.database_url 中的数据库。请用 createdb 创建，所有者为 Muster 的用户。',
  },
  no_primary: {
    en: 'The server is a standby or read-only. Add the address of the primary to cluster.database_url, or promote the standby.',
    zh: '该服务器是备库或只读。请将主库的地址加入 cluster.database_url，或提升备库。',
  },
  permission: {
    en: 'The user may not create or change the tables of Muster. Make this user the owner of the database.',
    zh: '该用户无权创建或更改 Muster 的表。请将该用户设为数据库的所有者。',
  },
  too_new: {
    en: 'A newer Muster has changed the tables. Update Muster on this computer.',
    zh: '较新版本的 Muster 已更改这些表。请更新本机的 Muster。',
  },
  not_durable: {
    en: 'The server confirms a commit before it is on the disk, so its crash loses accepted jobs. Set fsync, full_page_writes and synchronous_commit to on.',
    zh: '服务器在数据写入磁盘之前就确认提交，因此一旦崩溃，已接受的任务会丢失。请将 fsync、full_page_writes 和 synchronous_commit 设为 on。',
  },
  failed: {
    en: 'The server refused a statement of the check. Look into its log, and run this check again.',
    zh: '服务器拒绝了检查所用的一条语句。请查看其日志，然后重新运行此检查。',
  },
};

/** Of the SQLSTATE classes 28 (invalid authorization) and 3D (invalid catalog name), and of the texts of Node.js and the driver. */
export function problemOfFault({ sqlState, reason }: Fault): Finding<DatabaseProblem> {
  return { code: codeOf(sqlState, reason), detail: reason };
}

function codeOf(sqlState: string | null, reason: string): DatabaseProblem {
  if (sqlState === '42501') return 'permission';
  switch (sqlState?.slice(0, 2)) {
    case undefined:
      if (/\b(SSL|TLS)\b|certificate|altnames/i.test(reason)) return 'tls';
      return /is a standby|is read-only/.test(reason) ? 'no_primary' : 'unreachable';
    case '08':
    case '53':
    case '57':
      return 'unreachable';
    // Also where pg_hba.conf has no line for this user with, or without, TLS.
    case '28':
      return 'auth';
    case '3D':
      return 'no_database';
    default:
      return 'failed';
  }
}

export function databaseRows({ problems, server_version: version, answer_ms: answerMs }: DatabaseCheck): readonly (readonly string[])[] {
  return findingRows('cluster database', problems, `PostgreSQL ${version ?? '?'}, answers in ${answerMs?.toFixed(1) ?? '?'} ms`);
}

export const databaseFixes = ({ problems }: DatabaseCheck, { language }: Pick<MessageContext, 'language'>): string =>
  fixLines(problems, FIXES, language);
