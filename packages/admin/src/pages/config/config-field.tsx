import RotateCcw from "lucide-react/icons/rotate-ccw";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useMessages } from "../../i18n/language.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { kindsOf, type Path, type SchemaNode } from "../../ui/editor/schema-tree.ts";
import { NumberField, SecretField, SelectField, Switch, TextField } from "../../ui/fields.tsx";
import { ListField } from "../../ui/list-field.tsx";
import { InlineCode } from "../parts/inline-code.tsx";
import { configMessages } from "./config-messages.ts";

export interface FieldActions {
  readonly set: (path: Path, value: unknown) => void;
  readonly unset: (path: Path) => void;
  readonly showInYaml: (path: Path) => void;
}

interface ConfigFieldProps {
  readonly path: Path;
  readonly node: SchemaNode;
  readonly root: SchemaNode;
  /** As the file says it; `undefined` when it does not. */
  readonly value: unknown;
  readonly actions: FieldActions;
}

/** One setting with what it means, what a change needs, and its control. */
export function ConfigField(props: ConfigFieldProps): ReactNode {
  const messages = useMessages(configMessages);
  const { path, node, value, actions } = props;
  const reload = node["x-reload"];
  return (
    <div className="config-field" id={path.join(".")}>
      <div className="config-about">
        <p className="config-name"><span className="mono">{path.join(".")}</span>
          {reload === "restart" && <Badge tone="warning" title={messages.restartHint}>{messages.restart}</Badge>}
          {reload === "live" && <Badge tone="success" title={messages.liveHint}>{messages.live}</Badge>}
          {node["x-pending"] === true && <Badge tone="neutral">{messages.pending}</Badge>}
        </p>
        {node.description !== undefined && <p className="muted small"><InlineCode text={node.description} /></p>}
      </div>
      <div className="config-control">
        <Control {...props} />
        {value !== undefined && <IconButton label={`${messages.toDefault}: ${path.join(".")}`} size="small" icon={<RotateCcw />} onClick={() => actions.unset(path)} />}
      </div>
    </div>
  );
}

/** Lists of upstreams have a page of their own. */
const PROVIDER_LIST = /-api-key$|^openai-compatibility$/;
const isReference = (value: unknown): boolean => typeof value === "string" && /\$\{[^}]+\}/.test(value);

function Control({ path, node, root, value, actions }: ConfigFieldProps): ReactNode {
  const messages = useMessages(configMessages);
  const label = path.join(".");
  const kind = kindsOf(node, root)[0] ?? {};
  const set = (next: unknown): void => actions.set(path, next);
  const text = typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
  const usual = node.default === undefined || typeof node.default === "object" ? "" : node.default === "" ? messages.empty : String(node.default);
  if (isReference(value) && kind.type !== "string") return <TextField hideLabel label={label} monospace value={text} hint={messages.reference} onChange={set} />;
  if (kind.type === "boolean") return <Switch hideLabel label={label} checked={value === undefined ? node.default === true : value === true} onChange={set} />;
  if (kind.enum !== undefined) return <SelectField hideLabel label={label} value={value === undefined ? String(node.default ?? "") : text} onChange={set} options={kind.enum.map((choice) => ({ value: String(choice), label: String(choice) }))} />;
  if (kind.type === "integer" || kind.type === "number") return <NumberField label={<span className="unseen">{label}</span>} aria-label={label} placeholder={usual} min={kind.minimum} max={kind.maximum} step={kind.type === "integer" ? 1 : "any"} value={typeof value === "number" ? value : undefined} onChange={(next) => (next === undefined ? actions.unset(path) : set(next))} />;
  if (kind.type === "string" && node["x-secret"] === true) return <SecretField label={<span className="unseen">{label}</span>} aria-label={label} value={text} onChange={set} />;
  if (kind.type === "string") return <TextField hideLabel label={label} monospace placeholder={usual} value={text} onChange={set} />;
  if (kind.type === "array" && kind.items !== undefined && kindsOf(kind.items, root)[0]?.type === "string" && (value === undefined || Array.isArray(value))) return <ListField hideLabel label={<span className="unseen">{label}</span>} values={((value ?? []) as readonly unknown[]).map(String)} onChange={(next) => (next.length === 0 ? actions.unset(path) : set([...next]))} />;
  const count = Array.isArray(value) ? value.length : typeof value === "object" && value !== null ? Object.keys(value).length : 0;
  return (
    <div className="row row-end grow">
      <span className="muted small">{messages.entries(String(count))}</span>
      {PROVIDER_LIST.test(label) && <Link className="button button-ghost button-small" to="/providers">{messages.inProviders}</Link>}
      <Button size="small" onClick={() => actions.showInYaml(path)}>{messages.inYaml}</Button>
    </div>
  );
}
