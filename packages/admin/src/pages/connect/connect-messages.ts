import { defineMessages } from "../../i18n/define-messages.ts";

export const connectMessages = defineMessages(
  {
    description: "Settings for each client, ready to copy.",
    clients: "Client", search: "Search clients", model: "Model", modelHint: "Put into the settings.", noModel: "No model is served yet", key: "Client key", keyHint: "Only put into the texts below, in this browser. It is not sent anywhere and not kept.", noKey: "No key yet?", makeKey: "Make one", baseUrl: "Address of this gateway", speaks: "Speaks", homepage: "Its own page",
  },
  {
    description: "各客户端的设置，复制即可使用。",
    clients: "客户端", search: "搜索客户端", model: "模型", modelHint: "写入下方的设置。", noModel: "还没有可用的模型", key: "客户端密钥", keyHint: "只在此浏览器中填入下方文本，不会发送，也不会保存。", noKey: "还没有密钥？", makeKey: "创建一个", baseUrl: "本网关的地址", speaks: "协议", homepage: "官方页面",
  },
);
