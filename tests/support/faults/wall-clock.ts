// Loaded before the program of a scheduler (`node --import`): its wall clock is set, at SIGUSR2, by the milliseconds in the file that the
// environment names. Monotonic time goes on.
import { readFileSync } from 'node:fs';

const file = process.env['MUSTER_TEST_CLOCK_FILE'];
const realNow = Date.now.bind(Date);
let aheadMs = 0;
Date.now = () => realNow() + aheadMs;
process.on('SIGUSR2', () => {
  aheadMs = file === undefined ? 0 : Number(readFileSync(file, 'utf8'));
});
