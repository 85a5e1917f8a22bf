import { afterAll, describe, expect, test } from "bun:test";
import { ask, toldError, type DialectId } from "./kit/calls.ts";
import { CLIENTS, type Client, type Facts } from "./kit/clients/index.ts";
import { entriesOf, joined } from "./kit/entries.ts";
import { ERROR_BODIES, exceptionFor, isReadable, NO_TRAFFIC } from "./kit/recording-exceptions.ts";
import { DELIVERIES, readRecordings, startReplayer, type Recording } from "./kit/replay.ts";
import { CLIENT_KEY, startGateway } from "./kit/running.ts";

const directory = process.env.RECORDINGS_DIR;

// Defined only where the recordings are: a test that is always skipped would look like one that passed.
if (directory !== undefined && directory !== "") describeRecordings(readRecordings(directory));

function describeRecordings(recordings: readonly Recording[]): void {
  const replayer = startReplayer();
  const dialects = CLIENTS.map(({ dialect }) => dialect);
  const gateway = startGateway({
    ...joined(...dialects.map((dialect) => entriesOf(dialect, { origin: replayer.origin, keys: ["sk-key-of-an-upstream"], models: [{ name: `replay-${dialect}` }] }))),
    "disable-cooling": true,
  });
  afterAll(async () => {
    await gateway.close();
    await replayer.close();
  });

  const read = async (client: Client, origin: string, { dialect, streamed }: Recording): Promise<Facts> => {
    const session = client.open(origin, CLIENT_KEY, { model: `replay-${dialect}`, think: true });
    session.user("Say it again.");
    return session.ask({ stream: streamed });
  };

  /** What the recording's own official SDK makes of it. */
  const oracleOf = async (recording: Recording): Promise<Facts> => {
    const own = CLIENTS.find(({ dialect }) => dialect === recording.dialect);
    if (own === undefined) throw new Error(`no SDK for ${recording.dialect}`);
    replayer.play(recording);
    return read(own, replayer.origin, recording);
  };

  test("there are recordings", () => expect(recordings.length).toBeGreaterThan(50));

  for (const recording of recordings.filter(({ name }) => ERROR_BODIES[name] === undefined && NO_TRAFFIC[name] === undefined)) {
    describe(`${recording.name}${recording.streamed ? ", streamed" : ""}`, () => {
      for (const client of CLIENTS.filter(({ dialect }) => isReadable(recording.name, recording.streamed, dialect, recording.dialect))) {
        test(`says the same to ${client.name}`, async () => {
          const exception = exceptionFor(recording.name, recording.streamed, client.dialect);
          const told = exception?.unreadable === true ? undefined : comparable(await oracleOf(recording));
          for (const [name, delivery] of Object.entries(recording.streamed ? DELIVERIES : { whole: () => [] })) {
            replayer.play(recording, delivery);
            const heard = comparable(await read(client, gateway.origin, recording));
            if (told === undefined) expect({ delivery: name, ...heard }).toMatchObject({ delivery: name, ...exception?.facts });
            else expect({ delivery: name, ...heard }).toEqual({ delivery: name, ...told, ...exception?.facts });
          }
        });
      }
    });
  }

  for (const recording of recordings.filter(({ name }) => ERROR_BODIES[name] !== undefined)) {
    for (const client of dialects as readonly DialectId[]) {
      test(`${recording.name} is an error to ${client}, in its words`, async () => {
        const { status, message } = ERROR_BODIES[recording.name] ?? { status: 0, message: "" };
        replayer.play(recording, undefined, status);
        const response = await ask(gateway.origin, client, { model: `replay-${recording.dialect}` });
        expect(response.status).toBe(status);
        expect(toldError(client, await response.json()).message).toContain(message);
      });
    }
  }
}

/** Ids of calls are each dialect's own. */
function comparable({ text, reasoning, calls, finish, usage }: Facts): Record<string, unknown> {
  return { text, reasoning, calls: calls.map((call) => ({ name: call.name, arguments: call.arguments })), finish, ...Object.fromEntries(Object.entries(usage).map(([name, count]) => [`usage.${name}`, count])) };
}
