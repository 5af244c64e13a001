// The manifest of a backup, and the texts of its commands. Pure.
import { z } from 'zod';
import type { Localized } from '../../../shared/language';
import { parseJson } from '../../../shared/json';
import { fail, ok, type Result } from '../../../shared/result';

export const MANIFEST_FILE = 'manifest.json';
/** A later format may have files that this version does not know. */
const FORMAT = 1;

/** The files of a pool in the data folder. A restored pool has these and no others. */
export const REQUIRED_FILES = ['scheduler.db', 'admin-token'] as const;
export const POOL_FILES = [...REQUIRED_FILES, 'scheduler-jobs.db', 'ca.pem', 'ca-key.pem', 'server-cert.pem', 'server-key.pem'] as const;
export type PoolFile = (typeof POOL_FILES)[number];
export const DATABASES: readonly PoolFile[] = ['scheduler.db', 'scheduler-jobs.db'];

const fileSchema = z.strictObject({
  name: z.enum(POOL_FILES),
  bytes: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type BackupFile = z.infer<typeof fileSchema>;

const manifestSchema = z.object({
  format: z.literal(FORMAT),
  /** The version of Muster that made the backup. */
  version: z.string().max(64),
  created_at: z.string().max(64),
  files: z.array(fileSchema).max(POOL_FILES.length),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const toManifest = (version: string, createdAt: string, files: readonly BackupFile[]): string =>
  `${JSON.stringify({ format: FORMAT, version, created_at: createdAt, files }, null, 2)}\n`;

/** `newer`: a later version of Muster made the backup. */
export function parseManifest(text: string): Result<Manifest, 'newer' | 'damaged'> {
  const value = parseJson(text);
  const format = z.object({ format: z.number() }).safeParse(value);
  if (format.success && format.data.format > FORMAT) return fail('newer');
  const manifest = manifestSchema.safeParse(value);
  if (!manifest.success) return fail('damaged');
  const names = manifest.data.files.map(({ name }) => name);
  const isWhole = new Set(names).size === names.length && REQUIRED_FILES.every((name) => names.includes(name));
  return isWhole ? ok(manifest.data) : fail('damaged');
}

export type BackupFault =
  | 'no_pool'
  | 'folder_not_empty'
  | 'other_data_folder'
  | 'no_backup'
  | 'damaged'
  | 'newer'
  | 'in_use'
  | 'pool_exists'
  | 'failed';

/** `{file}`: the file or folder. `{reason}`: the error of the system. */
export const BACKUP_TEXTS: Readonly<Record<BackupFault, Localized>> = {
  no_pool: { en: 'the folder {file} has no pool', zh: '文件夹 {file} 中没有算力池' },
  folder_not_empty: {
    en: 'the folder {file} is not empty; name a new folder',
    zh: '文件夹 {file} 不为空；请指定一个新文件夹',
  },
  other_data_folder: {
    en: 'the scheduler at this address uses another data folder than {file}; run the command on its computer, with its --data-dir',
    zh: '该地址的调度器使用的数据文件夹不是 {file}；请在它所在的电脑上运行此命令，并使用它的 --data-dir',
  },
  no_backup: { en: 'the folder {file} has no backup of Muster', zh: '文件夹 {file} 中没有 Muster 的备份' },
  damaged: {
    en: 'the backup is damaged: {file} is missing or was changed. Nothing was restored',
    zh: '备份已损坏：{file} 缺失或被更改。未恢复任何内容',
  },
  newer: {
    en: 'a newer version of Muster made this backup. Nothing was restored; update Muster first',
    zh: '此备份由更新版本的 Muster 创建。未恢复任何内容；请先更新 Muster',
  },
  in_use: {
    en: 'a scheduler uses the data folder {file}. Nothing was restored; stop the scheduler first',
    zh: '有调度器正在使用数据文件夹 {file}。未恢复任何内容；请先停止调度器',
  },
  pool_exists: {
    en: 'the data folder {file} has a pool. Nothing was restored. With --force, its files are moved to a folder beside the restored ones',
    zh: '数据文件夹 {file} 中已有算力池。未恢复任何内容。使用 --force 时，其文件会被移到恢复文件旁的一个文件夹中',
  },
  failed: { en: '{file} cannot be written or read ({reason})', zh: '无法读写 {file}（{reason}）' },
};
