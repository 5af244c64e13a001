// An environment in which the real probes of a real process find no GPU, also on a machine that has a GPU.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The message of the driver on a machine without a card. */
const NVIDIA_SMI = '#!/bin/sh\necho "No devices were found"\nexit 6\n';

/** Hides the graphics cards in the kernel's folders from each Node process, including the hardware probe, which reads these folders. */
const HIDE = `import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
const { readdir } = fs;
fs.readdir = async (folder, ...rest) => /^\\/(sys\\/bus\\/pci|proc\\/driver\\/nvidia)\\//.test(String(folder)) ? [] : readdir(folder, ...rest);
syncBuiltinESMExports();`;

/** For a process of Muster on Linux. `folder` becomes its PATH, so that no other program can report a card. */
export function withoutGpu(folder: string): Readonly<Record<string, string>> {
  const nvidiaSmi = path.join(folder, 'nvidia-smi');
  mkdirSync(folder, { recursive: true });
  writeFileSync(nvidiaSmi, NVIDIA_SMI);
  chmodSync(nvidiaSmi, 0o755);
  return { PATH: folder, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(HIDE)}` };
}
