// Tools in place of those that electron-builder downloads from GitHub for the Windows installer, so that Debian's makensis compiles the
// scripts of the installer. The result installs nothing: the program, the plug-ins and the uninstaller in it are empty.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../../scripts/paths.mjs';

const COMPILER = 'i686-w64-mingw32-gcc';
const TEMPLATES = path.join(projectRoot, 'node_modules', 'app-builder-lib', 'templates', 'nsis');
const PLUGINS = ['StdUtils', 'UAC', 'nsProcess', 'WinShell', 'SpiderBanner', 'Nsis7z', 'nsisunz', 'inetc'];

/** electron-builder changes the version of the program, so there must be one. */
const VERSION_RESOURCE = `1 VERSIONINFO FILEVERSION 1,0,0,0 PRODUCTVERSION 1,0,0,0
BEGIN
  BLOCK "StringFileInfo" BEGIN BLOCK "040904b0" BEGIN VALUE "FileDescription", "Electron" END END
  BLOCK "VarFileInfo" BEGIN VALUE "Translation", 0x409, 1200 END
END
`;

export interface NsisTools {
  /** A packed app with an empty program. */
  readonly appDir: string;
  /** For the process of electron-builder. */
  readonly env: Readonly<Record<string, string>>;
}

export function makeNsisTools(folder: string): NsisTools {
  const [appDir, nsisDir, resourcesDir, binDir] = ['app', 'nsis', 'resources', 'bin'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  const pluginDir = path.join(resourcesDir, 'plugins', 'x86-unicode');
  for (const dir of [path.join(appDir, 'resources'), nsisDir, pluginDir, binDir]) mkdirSync(dir, { recursive: true });

  const program = path.join(appDir, 'Muster.exe');
  compileProgram(folder, program);
  copyFileSync(program, path.join(nsisDir, 'elevate.exe'));
  for (const name of PLUGINS) compilePlugin(folder, name, path.join(pluginDir, `${name}.dll`));
  writeScript(path.join(nsisDir, 'makensis'), 'exec /usr/bin/makensis "$@"');
  // electron-builder runs the first installer to get the uninstaller.
  writeScript(path.join(binDir, 'wine'), `case $1 in *.exe) cp '${program}' "\${1%exe}__uninstaller.exe" ;; esac`);
  return {
    appDir,
    env: {
      PATH: `${binDir}:${process.env['PATH'] ?? ''}`,
      USE_SYSTEM_WINE: 'true',
      ELECTRON_BUILDER_NSIS_DIR: nsisDir,
      ELECTRON_BUILDER_NSIS_RESOURCES_DIR: resourcesDir,
      ELECTRON_BUILDER_7ZIP_PATH: '/usr/bin/7za',
    },
  };
}

function compileProgram(folder: string, target: string): void {
  const [source, resource, object] = ['program.c', 'program.rc', 'program.res'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(source, 'int main(void) { return 0; }\n');
  writeFileSync(resource, VERSION_RESOURCE);
  execFileSync('i686-w64-mingw32-windres', [resource, '-O', 'coff', '-o', object]);
  execFileSync(COMPILER, ['-s', '-o', target, source, object]);
}

/** A plug-in with the functions that the templates call, and nothing in them: makensis reads only their names. */
function compilePlugin(folder: string, name: string, target: string): void {
  const scripts = readdirSync(TEMPLATES, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const text = scripts.map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1')).join('\n');
  const functions = new Set([...text.matchAll(new RegExp(`\\b${name}::(\\w+)`, 'gi'))].map(([, called = '']) => called));
  const source = path.join(folder, `${name}.c`);
  const exported = [...functions].map((called) => `__declspec(dllexport) void ${called}(void) {}`);
  writeFileSync(source, `${['int __stdcall DllMain(void *a, unsigned b, void *c) { return 1; }', ...exported].join('\n')}\n`);
  execFileSync(COMPILER, ['-shared', '-nostdlib', '-Wl,-e,_DllMain@12', '-o', target, source]);
}

function writeScript(file: string, line: string): void {
  writeFileSync(file, `#!/bin/sh\n${line}\n`);
  chmodSync(file, 0o755);
}
