// Reads processes from /proc of Linux: which exist, their parents, environments and open files. A process that has ended, or that belongs
// to another user, has no environment and no open files here.
import { readdir, readFile, readlink } from 'node:fs/promises';

export async function processIds(): Promise<readonly number[]> {
  const names = await readdir('/proc').catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** The variables, each between two NUL characters. */
export async function environmentOf(pid: number): Promise<string> {
  return `\0${await readFile(`/proc/${String(pid)}/environ`, 'utf8').catch(() => '')}`;
}

/** The real paths of the open files. */
export async function openFilesOf(pid: number): Promise<readonly string[]> {
  const folder = `/proc/${String(pid)}/fd`;
  const descriptors = await readdir(folder).catch(() => []);
  return Promise.all(descriptors.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
}

/** All descendants of a process at this moment, in any session and process group. */
export async function descendantsOf(root: number): Promise<readonly number[]> {
  const childrenOf = new Map<number, number[]>();
  await Promise.all(
    (await processIds()).map(async (pid) => {
      const parent = parentIn(await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => ''));
      if (parent !== null) childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), pid]);
    }),
  );
  const found: number[] = [];
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const children = childrenOf.get(pid) ?? [];
    found.push(...children);
    waiting.push(...children);
  }
  return found;
}

/** The parent is the second field after the name, which is in parentheses and may contain any character. */
function parentIn(stat: string): number | null {
  const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return parent === undefined ? null : Number(parent);
}
