import { defineMessages } from "../../i18n/define-messages.ts";

export const providersMessages = defineMessages(
  {
    description: "Upstreams, their credentials, and how they are doing.",
    add: "Add upstream", none: "No upstreams yet", noneText: "Add a vendor's key, or let Dragoman find keys in the environment and model servers on this machine.",
    states: { ready: "Ready", cooling: "Pausing", disabled: "Disabled", failing: "Failing" },
    models: (count: string) => (count === "1" ? "1 model" : `${count} models`), requests: (count: string) => (count === "1" ? "1 request" : `${count} requests`), failed: (count: string) => `${count} failed`, last24h: "last 24 h",
    fromEnvironment: "found, not configured", proxied: "through a proxy", priority: (value: string) => `priority ${value}`,
    allModels: "all models", pausesFor: (left: string) => `${left} left`, saidByVendor: "The vendor said so.", over: "over",
    test: "Test", testOf: (label: string) => `Test ${label}`, testGood: (model: string, time: string) => `${model} answered in ${time}`, testBad: (status: string, message: string) => `${status}: ${message}`,
    reset: "Clear pauses", resetOf: (label: string) => `Clear pauses of ${label}`, resetDone: "Pauses cleared", enable: "Enable", disable: "Disable", switchOf: (label: string) => `${label} is used`, remove: "Remove", actionsFor: (label: string) => `Actions for ${label}`, testModel: "Test with a model…", showUsage: "Show its usage", edit: "Edit in the configuration",
    disabledDone: "Switched off", enabledDone: "Switched on", removedDone: "Removed from the configuration", removeAsk: (label: string) => `Remove ${label}?`, removeText: "Its entry is taken out of the configuration file, with the key. Requests go to the others.",
    kinds: { "rate-limited": "rate limit", "quota-exhausted": "quota used up", "credential-rejected": "key refused", overloaded: "overloaded", unavailable: "not reachable" },
    addTitle: "Add an upstream", addPick: "Which one?", back: "Back", key: "API key", keyHint: `Stored in the configuration file. You can also write a reference to the environment, like \${ANTHROPIC_API_KEY}.`, baseUrl: "Base URL", baseUrlOwn: "Empty: the vendor's own address.", proxy: "Proxy", proxyHint: "socks5://, http:// or https://; empty: the global one.", upstreamName: "Name", upstreamNameHint: "Models can be reached as name://model.", modelList: "Models", modelListHint: "Empty: those that the upstream lists itself.", more: "More settings", save: "Add it", added: (name: string) => `${name} was added`, keyOptional: "Only if the server asks for one.", testTitle: "Test call", testText: "A very small call through this credential and no other. It may cost a fraction of a cent.", model: "Model", anyModel: "Any model",
    noFile: "There is no configuration file that could be changed.",
  },
  {
    description: "上游、其凭证以及运行状况。",
    add: "添加上游", none: "还没有上游", noneText: "添加供应商的密钥，或让 Dragoman 自动发现环境变量中的密钥与本机的模型服务。",
    states: { ready: "就绪", cooling: "冷却中", disabled: "已停用", failing: "异常" },
    models: (count: string) => `${count} 个模型`, requests: (count: string) => `${count} 个请求`, failed: (count: string) => `${count} 个失败`, last24h: "最近 24 小时",
    fromEnvironment: "自动发现，未写入配置", proxied: "经由代理", priority: (value: string) => `优先级 ${value}`,
    allModels: "所有模型", pausesFor: (left: string) => `剩余 ${left}`, saidByVendor: "由供应商指定。", over: "已结束",
    test: "测试", testOf: (label: string) => `测试 ${label}`, testGood: (model: string, time: string) => `${model} 在 ${time} 内应答`, testBad: (status: string, message: string) => `${status}：${message}`,
    reset: "解除冷却", resetOf: (label: string) => `解除 ${label} 的冷却`, resetDone: "已解除冷却", enable: "启用", disable: "停用", switchOf: (label: string) => `使用 ${label}`, remove: "移除", actionsFor: (label: string) => `${label} 的操作`, testModel: "指定模型测试…", showUsage: "查看其用量", edit: "在配置中编辑",
    disabledDone: "已停用", enabledDone: "已启用", removedDone: "已从配置中移除", removeAsk: (label: string) => `移除 ${label}？`, removeText: "它的条目连同密钥会从配置文件中删除。请求会转到其他凭证。",
    kinds: { "rate-limited": "限流", "quota-exhausted": "配额用完", "credential-rejected": "密钥被拒", overloaded: "过载", unavailable: "无法连接" },
    addTitle: "添加上游", addPick: "选择供应商", back: "返回", key: "API 密钥", keyHint: `保存在配置文件中。也可以引用环境变量，例如 \${ANTHROPIC_API_KEY}。`, baseUrl: "基础 URL", baseUrlOwn: "留空：使用供应商自己的地址。", proxy: "代理", proxyHint: "socks5://、http:// 或 https://；留空：使用全局代理。", upstreamName: "名称", upstreamNameHint: "可用 名称://模型 访问其模型。", modelList: "模型", modelListHint: "留空：使用上游自己列出的模型。", more: "更多设置", save: "添加", added: (name: string) => `已添加 ${name}`, keyOptional: "仅在服务器要求时填写。", testTitle: "测试调用", testText: "只经由此凭证的一次极小调用，可能花费不到一美分。", model: "模型", anyModel: "任意模型",
    noFile: "没有可以修改的配置文件。",
  },
);
