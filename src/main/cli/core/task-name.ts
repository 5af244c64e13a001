/** The task as `--task` names it. Other OpenAI paths are shown without their version. */
export const taskName = (task: string): string => (task === '/v1/chat/completions' ? 'chat' : task.replace(/^\/v1\//, ''));
