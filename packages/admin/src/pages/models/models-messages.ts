import { defineMessages } from "../../i18n/define-messages.ts";

export const modelsMessages = defineMessages(
  {
    description: "What clients can ask for, who answers, and what it costs.",
    search: "Search models", allUpstreams: "All upstreams", upstream: "Upstream", model: "Model", servedBy: "Served by", context: "Context", output: "Longest output", input: "Input", outputPrice: "Output", cached: "Cached", perMillion: "US dollars per million tokens", pricesFrom: (date: string) => `Prices per million tokens, from the catalogue of ${date}.`,
    aliasOf: (model: string) => `stands for ${model}`, ready: "ready", resting: "not ready", tryIt: "Try it", copyId: "Copy the name", tokens: (count: string) => `${count} tokens`, tiers: (count: string) => (count === "1" ? "another price for long inputs" : `${count} other prices for long inputs`), cacheWrite: "Cache write",
    sources: { catalogue: "catalogue", file: "price file", configuration: "configuration", local: "runs on this machine" }, source: "Source of the price", none: "No models yet", noneText: "Models appear when an upstream is configured.", toProviders: "To the providers", atUpstream: "Name at the upstream", dialect: "Dialect", prices: "Price", addUpstream: "Add an upstream",
    count: (count: string) => `${count} models`,
  },
  {
    description: "客户端可以请求的模型、由谁应答以及价格。",
    search: "搜索模型", allUpstreams: "所有上游", upstream: "上游", model: "模型", servedBy: "提供者", context: "上下文", output: "最大输出", input: "输入", outputPrice: "输出", cached: "缓存", perMillion: "每百万 Token 美元价格", pricesFrom: (date: string) => `价格为每百万 Token，取自 ${date} 的目录。`,
    aliasOf: (model: string) => `${model} 的别名`, ready: "就绪", resting: "未就绪", tryIt: "试用", copyId: "复制名称", tokens: (count: string) => `${count} Token`, tiers: (count: string) => `长输入另有 ${count} 档价格`, cacheWrite: "缓存写入",
    sources: { catalogue: "目录", file: "价格文件", configuration: "配置", local: "在本机运行" }, source: "价格来源", none: "还没有模型", noneText: "配置上游后，模型会显示在这里。", toProviders: "前往供应商", atUpstream: "上游名称", dialect: "协议", prices: "价格", addUpstream: "添加上游",
    count: (count: string) => `${count} 个模型`,
  },
);
