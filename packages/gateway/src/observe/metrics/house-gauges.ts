import type { Office } from "../../management/office.ts";
import { credentialsOf } from "../../routing/roster.ts";
import { VERSION } from "../../version.ts";
import { gaugeText, labelText } from "./series.ts";

/** The state of the house at this moment: numbers that are looked up when somebody asks. */
export function gaugesOf(office: Office): string {
  const { metrics, monitor, ports, engine } = office;
  const now = engine.ports.clock.now();
  const backlog = engine.ports.usage.backlog?.();
  return [
    gaugeText("dragoman_build_info", "Always 1; the labels tell what runs.", [[labelText({ version: VERSION, runtime: ports.facts.runtime }), 1]]),
    gaugeText("dragoman_start_time_seconds", "When the program started, in seconds since 1970.", [["", ports.facts.startedAt / 1000]]),
    gaugeText("dragoman_requests_open", "Requests under way.", [["", metrics.openRequests]]),
    gaugeText("dragoman_streams_open", "Streams that have begun and not ended.", [["", metrics.openStreams]]),
    ...(backlog === undefined ? [] : [gaugeText("dragoman_journal_backlog", "Records that are not in the store yet.", [["", backlog]])]),
    gaugeText("dragoman_capture_bytes", "Bytes of captured bodies in memory.", [["", monitor.capture.bytes]]),
    gaugeText("dragoman_live_watchers", "Readers of the live view's events.", [["", monitor.watchers]]),
    gaugeText("dragoman_models", "Models that clients may name.", [["", engine.switchboard.listModels().length]]),
    ...credentialGauges(office, now),
  ].join("");
}

/** Credentials are counted, not named: pools may hold thousands. */
function credentialGauges({ engine }: Office, now: number): string[] {
  const { roster } = engine.switchboard;
  const cooldowns = new Map<string, number>();
  const credentials = new Map<string, number>();
  const count = (counts: Map<string, number>, labels: string): void => void counts.set(labels, (counts.get(labels) ?? 0) + 1);
  for (const { service, credential, disabled } of credentialsOf(roster)) {
    const provider = service.name;
    const pauses = disabled ? [] : roster.cooldowns(credential.id).filter(({ until }) => until > now);
    for (const { kind } of pauses) count(cooldowns, labelText({ provider, kind: kind ?? "unknown" }));
    count(credentials, labelText({ provider, state: disabled ? "disabled" : pauses.length > 0 ? "cooling" : "ready" }));
  }
  return [
    gaugeText("dragoman_credentials", "Credentials by state; `cooling` pauses for at least one model.", credentials),
    gaugeText("dragoman_cooldowns", "Pauses of credentials, each for one model or for all.", cooldowns),
  ];
}
