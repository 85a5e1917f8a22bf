import { expect, test } from "bun:test";
import { RenewalSchedule } from "./renewal-schedule.ts";

interface One {
  readonly name: string;
}

const [first, second, third] = [{ name: "first" }, { name: "second" }, { name: "third" }];

test("the earliest is due first, by what was said last", () => {
  const schedule = new RenewalSchedule<One>();
  schedule.set(first, 30);
  schedule.set(second, 20);
  schedule.set(third, 10);
  schedule.set(third, 40);
  schedule.set(first, 5);
  expect(schedule.nextAt).toBe(5);
  expect(schedule.takeDue(4)).toBeUndefined();
  expect([schedule.takeDue(40), schedule.takeDue(40), schedule.takeDue(40), schedule.takeDue(40)]).toEqual([first, second, third, undefined]);
  expect(schedule.nextAt).toBeUndefined();
});

test("who is forgotten is not due, nor is who takes the place before the time", () => {
  const schedule = new RenewalSchedule<One>();
  schedule.set(first, 10);
  schedule.set(first, undefined);
  expect(schedule.nextAt).toBeUndefined();
  schedule.set(second, 20);
  expect(schedule.takeDue(15)).toBeUndefined();
  expect(schedule.takeDue(20)).toBe(second);
  schedule.set(second, undefined);
  schedule.set(second, 10);
  expect(schedule.takeDue(10)).toBe(second);
  expect(schedule.takeDue(100)).toBeUndefined();
});
