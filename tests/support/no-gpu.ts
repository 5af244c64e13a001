// A machine without a GPU, whatever machine this is: an environment in which the real probes of a real process look and find none.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** As the driver's own says it where there is no card. */
const NVIDIA_SMI = '#!/bin/sh\necho "No devices were found"\nexit 6\n';

/** What Linux lists of graphics cards is hidden from every Node of the process, its probing child too: it goes by the kernel's folders. */
const HIDE = `import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
const { readdir } = fs;
fs.readdir = async (folder, ...rest) => /^\\/(sys\\/bus\\/pci|proc\\/driver\\/nvidia)\\//.test(String(folder)) ? [] : readdir(folder, ...rest);
syncBuiltinESMExports();`;

/** For a process of Muster on Linux. `folder` becomes its PATH: no other program there could tell of a card. */
export function withoutGpu(folder: string): Readonly<Record<string, string>> {
  const nvidiaSmi = path.join(folder, 'nvidia-smi');
  mkdirSync(folder, { recursive: true });
  writeFileSync(nvidiaSmi, NVIDIA_SMI);
  chmodSync(nvidiaSmi, 0o755);
  return { PATH: folder, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(HIDE)}` };
}
