// Downloads the package of an update with electron-updater. It gets releases that were verified already (src/main/updates), so its own feeds
// are not used. Its limits are not enough: it waits without end for a silent server, and reads answers of any length. Nor are its installers
// used: one asks for a second password to run apt-get when dpkg fails, and one does not say that an installer cannot start.
import { app } from 'electron';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type * as ElectronUpdater from 'electron-updater';
import type { ProviderRuntimeOptions } from 'electron-updater/out/providers/Provider';
import { messageOfError } from '../../shared/errors';
import { fail, ok, type Result } from '../../shared/result';
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { AttemptFile } from '../updates/attempt-file';
import { fitsLimit } from '../updates/core/answer-limit';
import type { Release, UpdateFormat } from '../updates/core/release';
import type { SignedRelease } from '../updates/signed-release';
import type { PackageFault, UpdateInstaller } from '../updates/update-service';
import { installPackage } from './install-package';
import { restartApp } from './restart-app';

export interface UpdateInstallerOptions {
  readonly format: UpdateFormat;
  /** The folder with the packages. */
  readonly url: URL;
  /** Of an AppImage. */
  readonly appImage: string | null;
  /** Of a deb. */
  readonly cliProgram: string | null;
  readonly stateDir: string;
  readonly attempt: AttemptFile;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Without a byte for this long, the download has failed. */
const MAX_SILENCE_MS = 60_000;

export class ElectronUpdateInstaller implements UpdateInstaller {
  readonly #options: UpdateInstallerOptions;
  #updater: ElectronUpdater.AppUpdater | null = null;
  #downloaded: { readonly path: string; readonly release: SignedRelease } | null = null;
  #isDue = false;

  constructor(options: UpdateInstallerOptions) {
    this.#options = options;
  }

  async download(release: SignedRelease, onReceived: (bytes: number) => void, signal: AbortSignal): Promise<Result<string, PackageFault>> {
    const { clock } = this.#options;
    try {
      // Loaded here: the start of the window does not wait for it.
      const { default: library } = await import('electron-updater');
      const updater = await this.#open(library);
      updater.setFeedURL({ provider: 'custom', updateProvider: verifiedProvider(library.Provider, release, this.#options.url) });
      updater.netSession.webRequest.onHeadersReceived(({ statusCode, responseHeaders = {} }, answer) => {
        const isRedirect = statusCode >= 300 && statusCode < 400;
        answer({ cancel: !isRedirect && !fitsLimit(responseHeaders, release.file.size) });
      });
      const found = await updater.checkForUpdates();
      const token = found?.cancellationToken;
      if (token === undefined) return fail({ fault: 'not_saved', reason: 'electron-updater is not active' });
      const cancel = (): void => {
        token.cancel();
      };
      let silence: Timer | null = null;
      const waitAgain = (): void => {
        silence?.cancel();
        silence = clock.setTimer(MAX_SILENCE_MS, cancel);
      };
      const onProgress = ({ transferred }: { readonly transferred: number }): void => {
        waitAgain();
        onReceived(transferred);
      };
      if (signal.aborted) cancel();
      waitAgain();
      signal.addEventListener('abort', cancel);
      updater.on('download-progress', onProgress);
      try {
        const [file] = await updater.downloadUpdate(token);
        if (file === undefined) return fail({ fault: 'not_saved', reason: 'no file' });
        this.#downloaded = { path: file, release };
        return ok(file);
      } finally {
        signal.removeEventListener('abort', cancel);
        updater.off('download-progress', onProgress);
        (silence as Timer | null)?.cancel();
      }
    } catch (error) {
      return fail(packageFaultOf(error));
    }
  }

  restartToInstall(): void {
    this.#isDue = true;
    app.quit();
  }

  /** The last step of a quit: all services have stopped. Ends when the package manager has ended. The present version stays on failure. */
  async installIfDue(): Promise<void> {
    const [downloaded, { format, appImage, cliProgram, attempt, logger }] = [this.#downloaded, this.#options];
    if (!this.#isDue || downloaded === null) return;
    const failure = await installPackage({ format, ...downloaded, appImage, cliProgram, restart: restartApp });
    if (failure === null) return;
    logger.log('error', 'update_failed', { step: 'install', ...failure });
    try {
      attempt.write(downloaded.release.version, failure);
    } catch {
      // The next start shows that the update was not installed.
    }
  }

  async #open(library: typeof ElectronUpdater): Promise<ElectronUpdater.AppUpdater> {
    if (this.#updater !== null) return this.#updater;
    const { format, logger, stateDir } = this.#options;
    const updater = format === 'appimage' ? new library.AppImageUpdater() : library.autoUpdater;
    updater.autoDownload = false;
    updater.autoInstallOnAppQuit = false;
    // One request for the whole package, which the limits above cover.
    updater.disableDifferentialDownload = true;
    updater.forceDevUpdateConfig = !app.isPackaged;
    // Only the name of the folder for downloads is read from it, and on Windows the publisher of the certificate.
    if (!existsSync(path.join(process.resourcesPath, 'app-update.yml'))) {
      const file = path.join(stateDir, 'app-update.yml');
      await writeFile(file, 'updaterCacheDirName: muster-updater\n');
      updater.updateConfigPath = file;
    }
    const log = (message: unknown): void => {
      logger.log('debug', 'updater_message', { message: messageOfError(message).slice(0, 500) });
    };
    updater.logger = { info: log, warn: log, error: log, debug: log };
    // Without a listener an 'error' event ends the program. Each failure also rejects.
    updater.on('error', () => undefined);
    this.#updater = updater;
    return updater;
  }
}

function packageFaultOf(error: unknown): PackageFault {
  const reason = messageOfError(error).split('\n', 1)[0]?.slice(0, 200) ?? '';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ERR_CHECKSUM_MISMATCH') return { fault: 'corrupt', reason: 'the hash differs from the signed one' };
  return { fault: /^E[A-Z]+$/.test(code) && !code.startsWith('ECONN') ? 'not_saved' : 'unreachable', reason };
}

/** A provider of electron-updater that knows one verified release. */
function verifiedProvider(Provider: typeof ElectronUpdater.Provider, { version, file }: Release, folder: URL) {
  const info = { version, files: [file], path: file.url, sha512: file.sha512, releaseDate: '' };
  return class extends Provider<typeof info> {
    constructor(_options: unknown, _updater: unknown, runtime: ProviderRuntimeOptions) {
      super(runtime);
    }

    getLatestVersion(): Promise<typeof info> {
      return Promise.resolve(info);
    }

    resolveFiles(): { readonly url: URL; readonly info: typeof file }[] {
      return [{ url: new URL(file.url, folder), info: file }];
    }
  };
}
