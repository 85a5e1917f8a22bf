import { defineMessages } from "../../i18n/define-messages.ts";

export const usageMessages = defineMessages(
  {
    description: "Every attempt at an upstream, also those that failed, with its tokens and its price.",
    summary: "Summary", attempts: "Attempts", groupBy: "Group by", metric: "Show", addFilter: "Filter", clearFilters: "Clear filters", filterBy: "Filter by", noChoices: "Nothing was used in this time.",
    downloadSummary: "Sums as CSV", downloadAttempts: "Attempts as CSV", download: "Export",
    cost: "Cost", tokens: "Tokens", requests: "Requests", failed: "Failed", cacheShare: "Cache share", firstEvent: "First event", averageDuration: "Duration",
    cacheShareHint: "Of all input tokens, those that were read from a cache.",
    over: "over time", other: "Others", total: "Total", share: "Share", attemptsOf: (count: string) => `${count} attempts`, rate: (share: string) => `${share} of attempts`, estimatedAttempts: (count: string) => `${count} attempts estimated`, inAndOut: (input: string, output: string) => `${input} in · ${output} out`,
    empty: "No usage in this time", emptyText: "Choose a longer time or fewer filters. Every call through the gateway appears here.",
    time: "Time", model: "Model", who: "User and key", result: "Result", outcome: "Outcome", anyOutcome: "Any outcome", more: "Load more",
    seeAttempts: "See single attempts", shown: (count: string) => `${count} shown`,
    details: "Attempt", request: "Request", showLive: "Show in Live", hours: "by hour", days: "by day", showingUtc: "Days and hours are UTC.",
    fields: {
      requestId: "Request id", attempt: "Attempt", startedAt: "Started", durationMs: "Duration", firstEventMs: "First event after", outcome: "Outcome", status: "Status", failure: "Kind of failure", errorCode: "Error code", finishReason: "Finish reason",
      principal: "Principal", username: "User", keyName: "Key", clientAddress: "Client address", endpoint: "Endpoint", clientDialect: "Client speaks", upstreamDialect: "Upstream speaks", passthrough: "Passed through unchanged", streamed: "Streamed",
      provider: "Provider", credential: "Credential", credentialIndex: "Credential index", modelAsked: "Model asked for", modelUpstream: "Model at the upstream", modelAnswered: "Model that answered", reasoningEffort: "Reasoning effort",
      inputTokens: "Input tokens", cacheReadTokens: "Read from cache", cacheWriteTokens: "Written to cache", outputTokens: "Output tokens", reasoningTokens: "Reasoning tokens", totalTokens: "All tokens", estimated: "Tokens estimated", costUsd: "Cost", losses: "Losses in translation",
    },
    sections: { result: "Result", who: "Who asked", route: "Where it went", tokens: "Tokens and cost" }, yes: "yes", no: "no", none: "none",
  },
  {
    description: "对上游的每次调用，包括失败的调用，以及其 Token数与价格。",
    summary: "汇总", attempts: "逐次调用", groupBy: "分组", metric: "显示", addFilter: "筛选", clearFilters: "清除筛选", filterBy: "筛选条件", noChoices: "这段时间没有用量。",
    downloadSummary: "汇总 CSV", downloadAttempts: "调用明细 CSV", download: "导出",
    cost: "费用", tokens: "Token", requests: "请求", failed: "失败", cacheShare: "缓存占比", firstEvent: "首个事件", averageDuration: "耗时",
    cacheShareHint: "所有输入 Token中从缓存读取的部分。",
    over: "随时间变化", other: "其他", total: "合计", share: "占比", attemptsOf: (count: string) => `${count} 次调用`, rate: (share: string) => `占调用的 ${share}`, estimatedAttempts: (count: string) => `${count} 次为估算`, inAndOut: (input: string, output: string) => `输入 ${input} · 输出 ${output}`,
    empty: "这段时间没有用量", emptyText: "请选择更长的时间或减少筛选条件。经过网关的每次调用都会显示在这里。",
    time: "时间", model: "模型", who: "用户与密钥", result: "结果", outcome: "结果", anyOutcome: "全部结果", more: "加载更多",
    seeAttempts: "查看逐次调用", shown: (count: string) => `已显示 ${count} 条`,
    details: "调用", request: "请求", showLive: "在“实时”中查看", hours: "按小时", days: "按天", showingUtc: "日期与小时均为 UTC。",
    fields: {
      requestId: "请求 ID", attempt: "第几次尝试", startedAt: "开始时间", durationMs: "耗时", firstEventMs: "首个事件延迟", outcome: "结果", status: "状态码", failure: "失败类型", errorCode: "错误代码", finishReason: "结束原因",
      principal: "主体", username: "用户", keyName: "密钥", clientAddress: "客户端地址", endpoint: "端点", clientDialect: "客户端协议", upstreamDialect: "上游协议", passthrough: "原样透传", streamed: "流式",
      provider: "供应商", credential: "凭证", credentialIndex: "凭证索引", modelAsked: "请求的模型", modelUpstream: "上游模型", modelAnswered: "应答的模型", reasoningEffort: "推理强度",
      inputTokens: "输入 Token", cacheReadTokens: "缓存读取", cacheWriteTokens: "缓存写入", outputTokens: "输出 Token", reasoningTokens: "推理 Token", totalTokens: "全部 Token", estimated: "Token 为估算", costUsd: "费用", losses: "翻译中的损失",
    },
    sections: { result: "结果", who: "请求者", route: "去向", tokens: "Token 与费用" }, yes: "是", no: "否", none: "无",
  },
);
