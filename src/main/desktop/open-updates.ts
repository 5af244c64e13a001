// Opens the update of the app: the feed and the public key of this build, and the format of this installation.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { app, net } from 'electron';
import { fail, ok, type Result } from '../../shared/result';
import type { UpdateObstacle } from '../../shared/api/update';
import { systemClock } from '../platform/clock';
import type { LoadedConfig } from '../platform/config/load-config';
import type { Logger } from '../platform/logger';
import type { MusterPaths } from '../platform/paths';
import { platformName } from '../platform/platform-name';
import { AttemptFile } from '../updates/attempt-file';
import { metadataName, type UpdateFormat } from '../updates/core/release';
import { updateFormatOf } from '../updates/core/update-support';
import { readFeedUrl, ReleaseFeed, type ReleaseFeedOptions } from '../updates/release-feed';
import { readPublicKey } from '../updates/signature';
import { UpdateService } from '../updates/update-service';
import { feed_url as feedUrl, public_key as publicKey } from '../../../build/updates.json';
import { packagedCliProgram } from './packaged-cli';
import { ElectronUpdateInstaller } from './update-installer';

interface UpdatesOptions {
  readonly loaded: LoadedConfig;
  readonly paths: MusterPaths;
  readonly logger: Logger;
  readonly unpackedEnv: (name: string) => string | null;
}

export interface Updates {
  readonly service: UpdateService;
  readonly installIfDue: () => Promise<void>;
}

/** Asks the feed by itself when the settings say so. */
export function openUpdates(options: UpdatesOptions): Updates {
  const updates = openService(options);
  updates.service.checkByItself(options.loaded.config.desktop.checkForUpdates);
  return updates;
}

function openService({ paths, logger, unpackedEnv }: UpdatesOptions): Updates {
  const appImage = process.env['APPIMAGE'] ?? null;
  const feed = feedOf(unpackedEnv('MUSTER_UPDATE_FEED') ?? feedUrl, unpackedEnv('MUSTER_UPDATE_KEY') ?? publicKey, logger);
  const format: Result<UpdateFormat, UpdateObstacle> = updateFormatOf({
    platform: platformName(),
    isPackaged: app.isPackaged,
    packageType: packageType(),
    appImage,
    appDir: process.env['APPDIR'] ?? null,
    execPath: process.execPath,
  });
  const attempt = new AttemptFile(path.join(paths.stateDir, 'update.json'));
  const common = { version: app.getVersion(), attempt, clock: systemClock, logger };
  if (!format.ok || feed === null) {
    const source = fail(format.ok ? 'no_feed' : format.error);
    return { service: new UpdateService({ ...common, source }), installIfDue: () => Promise.resolve() };
  }
  const installer = new ElectronUpdateInstaller({
    format: format.value,
    url: feed.url,
    appImage,
    cliProgram: format.value === 'deb' ? packagedCliProgram(process.resourcesPath) : null,
    stateDir: paths.stateDir,
    attempt,
    clock: systemClock,
    logger,
  });
  const releases = new ReleaseFeed({
    ...feed,
    metadata: metadataName(format.value, process.arch),
    format: format.value,
    fetch: (url, init) => net.fetch(url, init),
  });
  return {
    service: new UpdateService({ ...common, source: ok({ newest: () => releases.newest(), installer }) }),
    installIfDue: () => installer.installIfDue(),
  };
}

/** Null: this build has no feed. */
function feedOf(address: string | null, keyText: string | null, logger: Logger): Pick<ReleaseFeedOptions, 'url' | 'publicKey'> | null {
  if (address === null || keyText === null) return null;
  const [url, key] = [readFeedUrl(address), readPublicKey(keyText)];
  if (url.ok && key.ok) return { url: url.value, publicKey: key.value };
  logger.log('error', 'update_feed_invalid', { feed_url: url.ok ? null : url.error, public_key: key.ok ? null : key.error });
  return null;
}

/** electron-builder writes it into packages that a package manager installs. */
function packageType(): string | null {
  try {
    return readFileSync(path.join(process.resourcesPath, 'package-type'), 'utf8').trim().slice(0, 32);
  } catch {
    return null;
  }
}
