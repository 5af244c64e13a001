// 简体中文：可以使用算力池的程序。docs/guide/zh-cn/clients.md 使用相同的文字。
import type { Catalogue } from '../en/index';

export const programs: Pick<Catalogue, 'program'> = {
  program: {
    title: '程序',
    choose: '程序',
    group: { code: '终端与代码', agents: '编程助手', apps: '应用' },
    api: '使用的 API',
    kind: {
      curl: '终端',
      python: 'openai 库',
      javascript: 'openai 库',
      anthropic: 'Python 库',
      ollama: '终端、Python 库',
      langchain: 'Python 库',
      claude_code: '终端',
      codex: '终端',
      cline: 'VS Code 扩展',
      continue: 'VS Code、JetBrains',
      open_webui: '聊天，docker 命令',
      librechat: '聊天',
      n8n: '自动化',
      home_assistant: 'Assist 语音助手',
      litellm: '网关',
    },
    note: {
      curl: '在终端中流式输出一个回答。',
      python: '需要：pip install openai',
      javascript: '需要：npm install openai',
      anthropic: '需要：pip install anthropic',
      ollama:
        '需要：pip install ollama。命令 ollama 不发送密钥，因此只能用于不需要密钥的算力池。若程序只连接 11434 端口上的 Ollama，请在托管电脑上设置“Ollama 客户端端口”。',
      langchain: '需要：pip install langchain-openai',
      claude_code: '用此模型启动 Claude Code。模型需支持工具调用和长上下文。',
      codex: '配置文件将算力池加入 Codex，命令用此模型启动 Codex。模型需支持工具调用和长上下文。',
      cline: '模型需支持工具调用和长上下文。',
      continue: '两种编辑器使用同一个文件。',
      open_webui: '然后在浏览器中打开 http://localhost:3000。',
      librechat: '将两个文件放入 LibreChat 的文件夹，然后运行：docker compose up -d',
      n8n: '任选其一：前者用于 OpenAI 节点，后者用于 Ollama 节点。两者都会列出就绪的模型。',
      home_assistant: '要控制设备，模型需支持工具调用。地址使用算力池的端口，无需设置“Ollama 客户端端口”。',
      litellm: '需要：pip install "litellm[proxy]"。之后，程序通过 http://localhost:4000 使用算力池。',
    },
    terminal: '终端',
    container: '此算力池只对本机开放。容器只有使用本机的网络时才能访问（--network host，Linux）。',
    certificate: '证书',
    trust: {
      example: '示例中已填入 CA 文件，仅对此算力池生效。',
      adds: '示例将此 CA 加入程序信任的 CA。',
      replaces: '示例中的文件会取代系统的 CA：请将两个文件合并，否则程序无法连接其他网站。',
      bundle:
        '在容器中，用 REQUESTS_CA_BUNDLE 指定由系统的 CA 与 ca.pem 合并而成的文件。Home Assistant OS 不能设置此变量，请在托管电脑上启用“允许未加密的任务”，并使用 http:// 地址。此时网络中的其他人可以读取全部内容。',
    },
  },
};
