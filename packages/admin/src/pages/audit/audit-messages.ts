import { defineMessages } from "../../i18n/define-messages.ts";

export const auditMessages = defineMessages(
  {
    description: "Who changed what, and from where. Nothing here can be changed.",
    when: "When", who: "Who", what: "What", target: "On what", address: "From", details: "Details", allActions: "All actions", action: "Action", search: "Search", older: "Older entries", none: "Nothing was changed yet", noneText: "Changes of users, keys, credentials and the configuration appear here.", entry: "Change", noDetails: "Nothing more is on record.",
    actors: { "management-key": "management key", "environment-key": "MANAGEMENT_PASSWORD", "local-key": "local program", session: "web page", setup: "first run", client: "client key", nobody: "nobody" },
    actions: { "user.created": "User created", "user.changed": "User changed", "user.removed": "User deleted", "key.created": "Key created", "key.changed": "Key changed", "key.rotated": "Key rotated", "key.removed": "Key deleted", "credential.switched": "Credential switched", "config.changed": "Configuration changed", "config.replaced": "Configuration replaced", "credential.reset": "Pauses cleared", "login.begun": "Login begun", "login.cancelled": "Login cancelled", "login.stored": "Login stored", "login.edited": "Login changed", "login.switched": "Login switched", "login.removed": "Login deleted", "logs.cleared": "Logs cleared", "usage.imported": "Usage imported", "api.called": "Call through a credential", "capture.switched": "Capturing switched", "request.replayed": "Request replayed", "setup.begun": "Management key set" },
  },
  {
    description: "谁在何处更改了什么。此处的记录不可更改。",
    when: "时间", who: "操作者", what: "操作", target: "对象", address: "来源", details: "详情", allActions: "所有操作", action: "操作", search: "搜索", older: "更早的记录", none: "还没有任何更改", noneText: "用户、密钥、凭证与配置的更改会显示在这里。", entry: "更改", noDetails: "没有更多记录。",
    actors: { "management-key": "管理密钥", "environment-key": "MANAGEMENT_PASSWORD", "local-key": "本机程序", session: "网页", setup: "首次设置", client: "客户端密钥", nobody: "无" },
    actions: { "user.created": "创建用户", "user.changed": "修改用户", "user.removed": "删除用户", "key.created": "创建密钥", "key.changed": "修改密钥", "key.rotated": "轮换密钥", "key.removed": "删除密钥", "credential.switched": "启停凭证", "config.changed": "修改配置", "config.replaced": "替换配置", "credential.reset": "解除冷却", "login.begun": "开始登录", "login.cancelled": "取消登录", "login.stored": "保存登录", "login.edited": "修改登录", "login.switched": "启停登录", "login.removed": "删除登录", "logs.cleared": "清空日志", "usage.imported": "导入用量", "api.called": "经由凭证的调用", "capture.switched": "切换抓取", "request.replayed": "重放请求", "setup.begun": "设置管理密钥" },
  },
);
