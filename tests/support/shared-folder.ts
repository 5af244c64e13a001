// Global set-up: a folder that the test files of one run share. `madeOnce` fills it, and it is deleted after the run.
import { rmSync } from 'node:fs';
import { makeSharedFolder } from './made-once';

export default function setup(): () => void {
  const folder = makeSharedFolder();
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}
