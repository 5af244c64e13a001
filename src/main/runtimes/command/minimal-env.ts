// The environment of a command: paths of programs and libraries, GPU selection and language. It contains no secrets.

const PASSED_VARIABLES = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'LD_LIBRARY_PATH',
  'CUDA_VISIBLE_DEVICES',
  'NVIDIA_VISIBLE_DEVICES',
  'HIP_VISIBLE_DEVICES',
  // Windows programs do not start without these.
  'SystemRoot',
  'PATHEXT',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
] as const;

/** Temporary files are created in the job's folder and removed with it. */
export function minimalEnv(temporaryFolder: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const passed = PASSED_VARIABLES.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return { ...Object.fromEntries(passed), TMPDIR: temporaryFolder, TEMP: temporaryFolder, TMP: temporaryFolder };
}
