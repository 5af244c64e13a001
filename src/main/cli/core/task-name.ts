/** As `--task` calls it, and other OpenAI paths without their version. */
export const taskName = (task: string): string => (task === '/v1/chat/completions' ? 'chat' : task.replace(/^\/v1\//, ''));
