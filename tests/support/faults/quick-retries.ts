// Loaded before an agent's program (`node --import`): dice that always fall low, so that a try that waits comes within half a second.
const LOW = 0.02;
Math.random = () => LOW;
export {};
