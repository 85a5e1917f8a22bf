import { defineMessages } from "../../i18n/define-messages.ts";

export const accountsMessages = defineMessages(
  {
    description: "Logins at vendors: how each fares, and what it has left.",
    logIn: "Log in", upload: "Upload files", uploaded: (count: string) => `${count} stored`, download: "Download its file", none: "No accounts yet", noneText: "Log in to a vendor once; Dragoman keeps the login alive and shares requests among accounts of a kind.",
    states: { ready: "Ready", cooling: "Pausing", disabled: "Disabled", "not-allowed": "Not allowed", "not-configured": "Not configured", broken: "Broken", expired: "Expired", revoked: "Revoked", banned: "Banned", "out-of-credit": "Out of credit" },
    subscription: "subscription", passing: "while connected", plan: (plan: string) => `plan ${plan}`, seats: (count: string) => `${count} projects`,
    endsIn: (time: string) => `token until ${time}`, renewedAt: (time: string) => `renewed ${time}`, nextAt: (time: string) => `next renewal ${time}`,
    left: (share: string) => `${share} left`, exhausted: "used up", resets: (time: string) => `resets ${time}`,
    renew: "Renew token", reset: "Clear pauses", quota: "Ask what is left", remove: "Remove", switchOf: (label: string) => `${label} is used`, actionsFor: (label: string) => `Actions for ${label}`, showUsage: "Show its usage",
    renewed: "The token was renewed", resetDone: "Pauses cleared", removed: "The login was removed", switched: "Saved", asked: "The vendor has answered",
    removeAsk: (label: string) => `Remove ${label}?`, removeText: "Its file is deleted. The vendor is not told: end the login there, too, if you want it to be over.",
    unreadTitle: "Files that are no accounts", allModels: "all models", pausesUntil: (time: string) => `until ${time}`,
    pick: "Which vendor?", missing: "needs a setting", back: "Back", begin: "Go on", ways: { browser: "In the browser", device: "With a code", secret: "Paste it" },
    termsTitle: "Before the first login of this kind", termsAgree: "I have read the vendor's terms; use accounts of this kind here", openPage: "Open the vendor's page", orCopy: "or copy its address", pasteLabel: "Address after the login", pasteHint: "If the page cannot be reached after you have logged in (this server is another machine), copy its address from the browser and paste it here.", pasteSend: "Hand it over",
    codeText: "Type this code at the vendor's page:", waiting: "Waiting for the vendor…", done: (label: string) => `${label} is logged in`, failed: "The login failed", close: "Close", cancel: "Give up", tryAgain: "Try again", cookie: "A cookie or key is sent to this gateway only, and kept in its directory of logins.",
  },
  {
    description: "在各供应商的登录：运行状况与剩余额度。",
    logIn: "登录", upload: "上传文件", uploaded: (count: string) => `已保存 ${count} 个`, download: "下载其文件", none: "还没有账号", noneText: "在供应商处登录一次；Dragoman 会保持登录有效，并在同类账号之间分配请求。",
    states: { ready: "就绪", cooling: "冷却中", disabled: "已停用", "not-allowed": "未允许", "not-configured": "未配置", broken: "损坏", expired: "已过期", revoked: "已撤销", banned: "被封禁", "out-of-credit": "额度用尽" },
    subscription: "订阅", passing: "连接期间有效", plan: (plan: string) => `套餐 ${plan}`, seats: (count: string) => `${count} 个项目`,
    endsIn: (time: string) => `令牌有效至 ${time}`, renewedAt: (time: string) => `续期于 ${time}`, nextAt: (time: string) => `下次续期 ${time}`,
    left: (share: string) => `剩余 ${share}`, exhausted: "已用完", resets: (time: string) => `${time} 重置`,
    renew: "续期令牌", reset: "解除冷却", quota: "查询剩余额度", remove: "移除", switchOf: (label: string) => `使用 ${label}`, actionsFor: (label: string) => `${label} 的操作`, showUsage: "查看其用量",
    renewed: "令牌已续期", resetDone: "已解除冷却", removed: "登录已移除", switched: "已保存", asked: "供应商已答复",
    removeAsk: (label: string) => `移除 ${label}？`, removeText: "它的文件会被删除。供应商不会得到通知；如需彻底结束登录，请在供应商处也退出。",
    unreadTitle: "不是账号的文件", allModels: "所有模型", pausesUntil: (time: string) => `至 ${time}`,
    pick: "选择供应商", missing: "缺少设置", back: "返回", begin: "继续", ways: { browser: "在浏览器中", device: "使用验证码", secret: "粘贴" },
    termsTitle: "首次登录此类账号之前", termsAgree: "我已阅读供应商条款；在此使用此类账号", openPage: "打开供应商页面", orCopy: "或复制其地址", pasteLabel: "登录后的地址", pasteHint: "如果登录后页面无法打开（服务器在另一台机器上），请从浏览器复制地址并粘贴到这里。", pasteSend: "提交",
    codeText: "在供应商页面输入此验证码：", waiting: "正在等待供应商…", done: (label: string) => `${label} 已登录`, failed: "登录失败", close: "关闭", cancel: "放弃", tryAgain: "重试", cookie: "Cookie 或密钥只会发送到本网关，并保存在其登录目录中。",
  },
);
