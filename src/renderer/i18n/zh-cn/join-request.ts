// 简体中文：加入请求的对话框和提示条。
import type { joinRequest as en } from '../en/join-request';

export const joinRequest: typeof en = {
  join_request: {
    title: '{{name}} 请求加入此算力池',
    check: '只有对方屏幕显示相同的数字时，才可批准。',
    expires: '剩余 <b>{{left}}</b>',
    expires_in: '剩余 <b>{{left}}</b>',
    computer: '电脑',
    claimed: '未经验证',
    gpus: '显卡',
    no_gpus: '未报告',
    address: '地址',
    looks_like: '该名称与节点 {{name}} 的名称外观相近，请确认你认识这台电脑。',
    approve: '数字一致，批准',
    deny: '拒绝',
    credential: '这台电脑会获得自己的凭据，可在“成员”页撤销。',
    approved: '已批准，正在等待对方电脑确认数字。',
    confirmed: '对方电脑已确认数字。',
    heard: '{{name}} 请求加入此算力池。数字：{{digits}}。',
    compare: '核对并批准',
    banner_label: '加入请求',
    banner: '<b>{{name}}</b> 请求加入',
  },
};
