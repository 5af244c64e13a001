// The texts of `muster cluster import` and `muster cluster export`. Pure.
import type { Localized } from '../../../shared/language';
import { textTable } from './text-table';

/** `{name}`: a file, folder, database or scheduler. `{reason}`: an error of the system, or the details. */
export const COPY_TEXTS = {
  no_cluster: {
    en: 'cluster.database_url is not set. It names the database of the cluster',
    zh: '未设置 cluster.database_url。它指定集群的数据库',
  },
  no_pool: { en: 'the folder {name} has no pool', zh: '文件夹 {name} 中没有算力池' },
  in_use: {
    en: 'a scheduler uses {name}. Nothing was copied; stop the scheduler first',
    zh: '有调度器正在使用 {name}。未复制任何内容；请先停止调度器',
  },
  file_unusable: { en: '{name} cannot be used ({reason}). Nothing was copied', zh: '无法使用 {name}（{reason}）。未复制任何内容' },
  unreachable: { en: 'the database {name} cannot be reached ({reason})', zh: '无法连接数据库 {name}（{reason}）' },
  too_new: {
    en: 'a newer version of Muster uses the database {name} (schema {reason}). Nothing was copied; update Muster first',
    zh: '更新版本的 Muster 正在使用数据库 {name}（架构版本 {reason}）。未复制任何内容；请先更新 Muster',
  },
  leader: {
    en: 'the scheduler "{name}" leads the cluster. Nothing was copied; stop all schedulers of the cluster first',
    zh: '调度器“{name}”正在领导集群。未复制任何内容；请先停止集群的所有调度器',
  },
  not_empty: {
    en: 'the database {name} is not empty: {reason}. Nothing was copied; name an empty database',
    zh: '数据库 {name} 不为空：{reason}。未复制任何内容；请指定一个空数据库',
  },
  cluster_empty: { en: 'the database {name} has no pool', zh: '数据库 {name} 中没有算力池' },
  folder_not_empty: {
    en: 'the folder {name} is not empty; name a new folder',
    zh: '文件夹 {name} 不为空；请指定一个新文件夹',
  },
  failed: { en: 'nothing was copied: {name} ({reason})', zh: '未复制任何内容：{name}（{reason}）' },
  outcome_unknown: {
    en: 'the connection to {name} was lost at the end ({reason}). Run the command again: it refuses when everything was copied',
    zh: '与 {name} 的连接在最后时刻断开（{reason}）。请再次运行此命令：如果已全部复制，它会拒绝执行',
  },
  would_copy: { en: 'Nothing was copied: --dry-run.', zh: '未复制任何内容：--dry-run。' },
  imported: {
    en: 'The pool is in {name}. The files in {reason} stay as they were: do not start a scheduler without [cluster] with them.',
    zh: '算力池已在 {name} 中。{reason} 中的文件保持不变：请勿在没有 [cluster] 的情况下用它们启动调度器。',
  },
  exported: {
    en: 'The pool is in {name}. Keep the folder secret: it has the owner key and the key of the CA. The database stays as it was: do not start a scheduler with it.',
    zh: '算力池已在 {name} 中。请妥善保管此文件夹：其中有所有者密钥和 CA 的密钥。数据库保持不变：请勿再用它启动调度器。',
  },
} as const satisfies Readonly<Record<string, Localized>>;
export type CopyText = keyof typeof COPY_TEXTS;

export interface CountedTable {
  readonly name: string;
  readonly rows: number;
}

export const tablesText = (tables: readonly CountedTable[], files: readonly string[]): string =>
  textTable(
    ['TABLE', 'ROWS'],
    tables.map(({ name, rows }) => [name, String(rows)]),
  ) + (files.length === 0 ? '' : `FILES  ${files.join(', ')}\n`);

/** `jobs 12, keys 3`. */
export const countsText = (tables: readonly CountedTable[]): string => tables.map(({ name, rows }) => `${name} ${String(rows)}`).join(', ');
