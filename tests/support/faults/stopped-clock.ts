// Loaded before a program (`node --import`): its monotonic clock stands still while the process is stopped, as that of a virtual machine
// does while the machine is. A gap between two readings is a stop, because a timer reads the clock all the time.
const READ_EVERY_MS = 50;
const STOP_MS = 2000;

const read = performance.now.bind(performance);
let lastMs = read();
let stoppedMs = 0;
performance.now = () => {
  const nowMs = read();
  if (nowMs - lastMs > STOP_MS) stoppedMs += nowMs - lastMs;
  lastMs = nowMs;
  return nowMs - stoppedMs;
};
setInterval(() => performance.now(), READ_EVERY_MS).unref();
export {};
