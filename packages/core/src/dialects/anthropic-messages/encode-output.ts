import type { GenerateRequest, JsonObject, MutableJsonObject } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { cleanObjectRoot, cleanStructuredOutput } from "../../schema/index.ts";
import { canUseResultTool, hasStructuredOutputs, resultTool } from "./result-tool.ts";

/** In which way the wished form of the answer is asked for. */
export interface OutputPlan {
  /** `output_config.format` */
  readonly format?: MutableJsonObject;
  readonly tool?: MutableJsonObject;
  readonly instruction?: string;
}

/** @param thinks the model will think, which forbids to force a tool */
export function planOutput(request: GenerateRequest, exchange: Exchange, thinks: boolean): OutputPlan {
  const format = request.output?.format;
  if (format === undefined || format.type === "text") return {};
  if (format.type === "json-object") {
    report(exchange, "the model is told in words to answer with a JSON object");
    return { instruction: "Respond with a single JSON object." };
  }
  const onLoss = (keyword: string, path: string) => exchange.report({ code: "schema-keyword", path: `output schema: ${path}`, action: "converted", detail: keyword });
  if (hasStructuredOutputs(exchange.capabilities)) {
    const schema = cleanStructuredOutput(format.schema, onLoss);
    if (schema !== undefined) return { format: { type: "json_schema", schema } };
  } else if (canUseResultTool(exchange) && !thinks) {
    report(exchange, "a tool that must be called takes the answer");
    return { tool: resultTool(format, cleanObjectRoot(format.schema, onLoss)) };
  }
  report(exchange, "the model is told in words to follow the schema");
  return { instruction: schemaInstruction(format.schema as JsonObject) };
}

function schemaInstruction(schema: JsonObject): string {
  return `Respond with a single JSON value, without any other text, that is valid against this JSON Schema:\n${JSON.stringify(schema)}`;
}

function report(exchange: Exchange, detail: string): void {
  exchange.report({ code: "output-format", path: "output", action: "converted", detail });
}
