// Writes settings to the configuration file. The new text must give a valid configuration before it replaces the old one. The old text
// stays beside the file as `config.toml.bak`. A file that another program changes meanwhile is read again (ADR 0029).
import { isUtf8 } from 'node:buffer';
import { mkdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { codeOfError, reasonOfError } from '../../../shared/errors';
import { fail, ok, type Result } from '../../../shared/result';
import { writeFileAtomic } from '../atomic-file';
import type { Clock } from '../clock';
import type { ConfigError } from './config-error';
import { setTomlKey, type TomlEditError, type TomlPath, unsetTomlKey } from './edit-toml';
import type { ConfigPath } from './keys';
import { type ConfigSources, configOf, type LoadedConfig, MAX_CONFIG_BYTES, TOO_LARGE } from './load-config';
import type { TomlInput } from './toml-text';

export interface SettingChange {
  readonly key: ConfigPath;
  /** A value that has passed the schema of the key. Null removes the key. */
  readonly value: TomlInput | null;
}

export type SettingsWriteError =
  /** The file is not valid now, so that an edit could make it worse. */
  | { readonly code: 'file_invalid'; readonly error: ConfigError }
  /** The new value is not valid together with the other settings. */
  | { readonly code: 'value_invalid'; readonly error: ConfigError }
  | { readonly code: 'file_read_only'; readonly file: string }
  | { readonly code: 'file_unwritable'; readonly file: string; readonly reason: string }
  /** The file has the key at a place that cannot be edited, such as an array of tables. */
  | { readonly code: 'not_editable'; readonly file: string }
  /** Another program changed the file at every attempt. */
  | { readonly code: 'file_changing'; readonly file: string };

const ATTEMPTS = 5;
const LOCK_WAIT_MS = 20;
const LOCK_ATTEMPTS = 100;
/** A writer holds the lock for milliseconds. An older lock is of a process that ended. */
const STALE_LOCK_MS = 10_000;
const OWNER_MAY_WRITE = 0o200;
const NEW_FILE_MODE = 0o600;

export class SettingsWriter {
  readonly #sources: ConfigSources;
  readonly #clock: Clock;

  constructor(sources: ConfigSources, clock: Clock) {
    this.#sources = sources;
    this.#clock = clock;
  }

  /** Writes all changes or none. Returns the configuration afterwards. */
  async write(changes: readonly SettingChange[]): Promise<Result<LoadedConfig, SettingsWriteError>> {
    const file = realFile(this.#sources.configFile);
    try {
      mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      const unlock = await this.#lock(`${file}.lock`);
      if (unlock === null) return fail({ code: 'file_changing', file });
      try {
        return this.#attempts(file, changes);
      } finally {
        unlock();
      }
    } catch (error) {
      return fail({ code: 'file_unwritable', file, reason: reasonOfError(error) });
    }
  }

  #attempts(file: string, changes: readonly SettingChange[]): Result<LoadedConfig, SettingsWriteError> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const outcome = this.#attempt(file, changes);
      if (outcome !== 'changed_meanwhile') return outcome;
    }
    return fail({ code: 'file_changing', file });
  }

  #attempt(file: string, changes: readonly SettingChange[]): Result<LoadedConfig, SettingsWriteError> | 'changed_meanwhile' {
    const before = readText(file, this.#sources.configFile);
    if (!before.ok) return before;
    const { text, mode } = before.value;
    const edited = editedText(text, changes);
    const next = edited.ok ? configOf(edited.value, this.#sources) : null;
    if (!edited.ok || next?.ok !== true) return fail(this.#faultOf(text, file, next));
    if (edited.value === text) return ok(next.value);
    if (mode !== null && (mode & OWNER_MAY_WRITE) === 0) return fail({ code: 'file_read_only', file });
    if (text !== '') writeFileAtomic(`${file}.bak`, text, { mode: mode ?? NEW_FILE_MODE });
    const isWritten = writeFileAtomic(file, edited.value, {
      mode: mode ?? NEW_FILE_MODE,
      mayReplace: () => textIn(file) === text,
    });
    return isWritten ? ok(next.value) : 'changed_meanwhile';
  }

  #faultOf(text: string, file: string, next: ReturnType<typeof configOf> | null): SettingsWriteError {
    const present = configOf(text, this.#sources);
    if (!present.ok) return { code: 'file_invalid', error: present.error };
    return next?.ok === false ? { code: 'value_invalid', error: next.error } : { code: 'not_editable', file };
  }

  /** Keeps other writers of Muster out. Null: the lock stayed taken. Throws errors of the file system. */
  async #lock(lockFile: string): Promise<(() => void) | null> {
    for (let attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
      try {
        writeFileAtomic(lockFile, String(process.pid), { onlyIfAbsent: true });
        return () => {
          rmSync(lockFile, { force: true });
        };
      } catch (error) {
        if (codeOfError(error) !== 'EEXIST') throw error;
      }
      if (this.#clock.wallMs() - changedAtWallMs(lockFile) > STALE_LOCK_MS) rmSync(lockFile, { force: true });
      await new Promise<void>((resolve) => {
        this.#clock.setTimer(LOCK_WAIT_MS, resolve);
      });
    }
    return null;
  }
}

function editedText(text: string, changes: readonly SettingChange[]): Result<string, TomlEditError> {
  let edited: Result<string, TomlEditError> = ok(text);
  for (const { key, value } of changes) {
    if (!edited.ok) return edited;
    // A key of the table has at least one section.
    const tomlPath = key.split('.') as unknown as TomlPath;
    edited = value === null ? unsetTomlKey(edited.value, tomlPath) : setTomlKey(edited.value, tomlPath, value);
  }
  return edited;
}

/** The file behind a symbolic link, so that the link stays. */
function realFile(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}

interface FileText {
  readonly text: string;
  /** Null: there is no file. */
  readonly mode: number | null;
}

function readText(file: string, named: string): Result<FileText, SettingsWriteError> {
  try {
    const { size, mode } = statSync(file);
    if (size > MAX_CONFIG_BYTES) return fail({ code: 'file_unwritable', file, reason: TOO_LARGE });
    const bytes = readFileSync(file);
    const origin = { from: 'file', file: named, line: null } as const;
    if (!isUtf8(bytes))
      return fail({ code: 'file_invalid', error: { code: 'syntax', origin, key: null, reason: 'not UTF-8 text', suggestion: null } });
    return ok({ text: bytes.toString(), mode: mode & 0o777 });
  } catch (error) {
    if (codeOfError(error) === 'ENOENT') return ok({ text: '', mode: null });
    throw error;
  }
}

/** The present text; empty for no file, as in `readText`. */
function textIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOfError(error) === 'ENOENT') return '';
    throw error;
  }
}

/** A lock that is gone is not old. */
function changedAtWallMs(file: string): number {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return Infinity;
  }
}
