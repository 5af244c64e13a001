// The paths of Muster's files on each platform (api §3). It creates no folders.
import { homedir } from 'node:os';
import path from 'node:path';

export interface MusterPaths {
  readonly configFile: string;
  /** Models, and the scheduler's database and owner key. */
  readonly dataDir: string;
  /** The node's identity, the app's choices, logs. */
  readonly stateDir: string;
  readonly databaseFile: string;
  readonly modelsDir: string;
  /** The model of a simulated GPU. */
  readonly simulatedModelsDir: string;
  readonly identityFile: string;
  readonly logsDir: string;
  /** The owner key of the scheduler hosted here, mode 0600. */
  readonly adminTokenFile: string;
}

/** The paths of this platform. `dataDir`: one folder for all files; null for the default folders. */
export function musterPaths(
  dataDir: string | null,
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): MusterPaths {
  const [config, data, state] = dataDir === null ? platformDirs(env, platform) : [dataDir, dataDir, dataDir];
  return {
    configFile: path.join(config, 'config.toml'),
    dataDir: data,
    stateDir: state,
    databaseFile: path.join(data, 'scheduler.db'),
    modelsDir: path.join(data, 'models'),
    simulatedModelsDir: path.join(data, 'simulated-models'),
    identityFile: path.join(state, 'identity.json'),
    logsDir: path.join(state, 'logs'),
    adminTokenFile: path.join(data, 'admin-token'),
  };
}

function platformDirs(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): [string, string, string] {
  const home = env['HOME'] ?? env['USERPROFILE'] ?? homedir();
  if (platform === 'darwin') {
    const support = path.join(home, 'Library', 'Application Support', 'Muster');
    return [support, support, support];
  }
  if (platform === 'win32') {
    const roaming = path.join(env['APPDATA'] ?? path.join(home, 'AppData', 'Roaming'), 'Muster');
    const local = path.join(env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'Muster');
    return [roaming, local, local];
  }
  const xdg = (name: string, fallback: string) => path.join(absolute(env[name]) ?? path.join(home, fallback), 'muster');
  return [xdg('XDG_CONFIG_HOME', '.config'), xdg('XDG_DATA_HOME', '.local/share'), xdg('XDG_STATE_HOME', '.local/state')];
}

/** Relative values are ignored, as the XDG specification requires. */
const absolute = (value: string | undefined): string | null => (value !== undefined && path.isAbsolute(value) ? value : null);
