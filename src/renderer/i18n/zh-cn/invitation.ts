// 简体中文：发给他人的邀请文字，以及已共享的算力池的邀请。
import type { invitation as en } from '../en/invitation';

export const invitation: typeof en = {
  invitation: {
    copy: '复制邀请',
    copy_link: '仅复制链接',
    many: '在 {{until}} 之前，最多 {{uses}} 台电脑可用此邀请加入，并可运行任务和发送请求。可在“成员”页撤销此邀请。',
    other: '自定义邀请的角色、模型和有效期…',
    expired: '算力池启动时生成的邀请已过期。',
    again: '生成邀请…',
    install: '用安装包安装 Muster，并从程序菜单启动；如果有源代码，在其文件夹中运行“npm start”即可安装并启动。',
    reach: '此链接在能访问 {{host}} 的地方有效：本网络，或通过 Tailscale 等 VPN。',
    computers_one: '{{count}} 台电脑',
    computers_other: '{{count}} 台电脑',
    message: {
      intro: '邀请你加入算力池“{{pool}}”。加入后，你的电脑会通过 Muster 用显卡运行算力池的 AI 任务。',
      intro_unnamed: '邀请你加入一个算力池。加入后，你的电脑会通过 Muster 用显卡运行算力池的 AI 任务。',
      open: '打开此链接，或将其粘贴到 Muster 的“加入链接或地址”',
      browser: '在浏览器中打开',
      valid: '可加入 {{computers}}，有效期至 {{until}}。链接中含有密钥，请勿转发。',
      dashboard: '管理页面',
      base_url: '程序使用的 Base URL',
    },
  },
};
