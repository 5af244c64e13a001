// What the desktop and web suites need from the machine, for tests to ask: a path, or the reason for skipping.
// Under MUSTER_FORBID_SKIP=1 a missing thing throws: in CI nothing is skipped in silence.
import { findProgram, requireChromium as findChromium, requireDesktop as findDesktop } from '../../scripts/requirements.mjs';
import type { Requirement } from '../../scripts/requirements.mjs';

export type { Requirement };

/** The Electron executable that can show a window here (a display is there: see desktop-display.ts). */
export function requireDesktop(): Requirement {
  return orFail('desktop', findDesktop());
}

/** The Chromium executable for the dashboard. */
export function requireChromium(): Requirement {
  return orFail('web', findChromium());
}

/** A program of the system by name; `packages` are what Debian has it in. */
export function requireProgram(name: string, packages: string): Requirement {
  const path = findProgram(name);
  return orFail(name, path === undefined ? { missing: `there is no ${name}. Fix: apt-get install ${packages}` } : { path });
}

/** The arguments a real Chromium or Electron needs here: without a GPU, and without the sandbox that root may not have. */
export function chromiumSwitches(): string[] {
  return process.getuid?.() === 0 ? ['--disable-gpu', '--no-sandbox'] : ['--disable-gpu'];
}

function orFail(suite: string, requirement: Requirement): Requirement {
  if (requirement.missing !== undefined && process.env['MUSTER_FORBID_SKIP'] === '1') {
    throw new Error(`The ${suite} tests may not be skipped, but ${requirement.missing}`);
  }
  return requirement;
}
