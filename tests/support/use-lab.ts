// The built program in tests: a lab for each test.
import { afterEach, beforeEach } from 'vitest';
import { MusterLab } from './muster-process';

/** New for each test of a file or of a `describe`, and closed after the test. */
export function useLab(): () => MusterLab {
  let lab: MusterLab;
  beforeEach(() => {
    lab = new MusterLab();
  });
  afterEach(() => lab.close());
  return () => lab;
}
