// 所有者暂停本机的规则。
export const rules = {
  rules: {
    full_screen: '有全屏程序时暂停',
    temperature: '高于 {{limit}} 时暂停',
    battery: '仅在接通电源时共享',
    schedule: '时间表',
    process: '{{programs}} 使用显卡时暂停',
    exceptions: '例外',
    change: '更改',
    pauses: '正在触发暂停',
  },
  rule_now: {
    temperature: '当前 {{celsius}}',
    full_screen: '{{program}} 正在全屏运行',
    no_full_screen: '当前没有全屏程序',
    process: '{{program}} 正在使用显卡',
    no_process: '当前均未使用显卡',
    on_battery: '正在使用电池',
    on_mains: '已接通电源',
    open: '当前可共享',
    open_until: '可共享到 {{time}}',
    closed: '当前不共享',
    closed_until: '{{time}} 开始共享',
    not_read: '尚未获知',
    not_supported: '本机不支持',
  },
  rule_end: {
    full_screen: '程序关闭 2 分钟后恢复共享。',
    process: '程序关闭 2 分钟后恢复共享。',
    battery: '接通电源后恢复共享。',
    temperature: '显卡温度降至上限以下 5 °C 后恢复共享。',
  },
};
