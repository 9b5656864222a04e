import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import type { FieldModel } from "../../../generator/model/model.js";
import { createFields, type Field, type Fields } from "../../../runtime/record/fields.js";
import type { AnySession, CodeVersion } from "./code-version.js";
import { type Deployment, deploy } from "./deployment.js";
import type { Random } from "./random.js";
import { anyValue } from "./random-values.js";
import { projected, RecordTruth } from "./record-truth.js";

interface Running {
  readonly version: CodeVersion;
  readonly deployment: Deployment;
  readonly fields: Fields;
}

/**
 * The life of one session that all these versions of the code read and write, in any order: nobody is logged out, and
 * each sees all that it can of what was written last. `all` are these and those before them.
 */
export async function runHistory(
  deployed: readonly CodeVersion[],
  all: readonly CodeVersion[],
  random: Random,
): Promise<void> {
  const truth = new RecordTruth(all);
  const deployments = deploy(deployed);
  const running = deployed.flatMap((version, index): readonly Running[] => {
    const deployment = deployments[index];
    return deployment ? [{ version, deployment, fields: createFields(version.kind.shape) }] : [];
  });
  const key = await store(random.pick(running), truth, random);
  for (let turn = 0; turn < 8; turn += 1) {
    for (const one of running) await expectTruth(one, key, truth);
    const writer = random.pick(running);
    await writer.deployment.write(key, (session) => change(session, writer, truth, random));
  }
  for (const one of running) await expectTruth(one, key, truth);
}

async function store(
  { version, deployment, fields }: Running,
  truth: RecordTruth,
  random: Random,
): Promise<string> {
  const data: Record<string, unknown> = {};
  truth.written(version, fields);
  for (const { name, kind } of version.fields) {
    const field = fields.find(name);
    if (field === undefined || random.chance(0.2)) continue;
    data[name] = anyValue(kind, random);
    truth.assign(version, field, field.converter.toWire(data[name], name));
  }
  return deployment.store(data);
}

function change(session: AnySession, { version, fields }: Running, truth: RecordTruth, random: Random): void {
  // A save that changes nothing of it must not change anything.
  session.markModified();
  truth.written(version, fields);
  const model = random.pick(version.fields);
  const field = fields.find(model.name);
  if (field === undefined || random.chance(0.1)) return;
  if (random.chance(0.15)) {
    if (session.delete(model.name)) truth.remove(version, field);
  } else if (random.chance(0.4) && truth.isSeenAsStored(version, field)) {
    changeMember(session, { model, field }, truth, random);
  } else assign(session, { model, field }, { version, truth, random });
}

interface ChosenField {
  readonly model: FieldModel;
  readonly field: Field;
}

function assign(
  session: AnySession,
  { model, field }: ChosenField,
  {
    version,
    truth,
    random,
  }: { readonly version: CodeVersion; readonly truth: RecordTruth; readonly random: Random },
): void {
  const value = anyValue(model.kind, random);
  const wire = field.converter.toWire(value, model.name);
  const seen = truth.seenBy(version, field);
  // An equal value is no change.
  if (seen !== undefined && isSame(projected(field.kind, seen), projected(field.kind, wire))) return;
  session.set(model.name, value);
  truth.assign(version, field, wire);
}

/** Unknown members survive this, as they do when an object is spread. */
function changeMember(
  session: AnySession,
  { model, field }: ChosenField,
  truth: RecordTruth,
  random: Random,
): void {
  const { kind } = model;
  if (kind.type !== "object" || kind.members.length === 0 || typeof field.kind === "string") return;
  const member = random.pick(kind.members);
  const value = anyValue(member.kind, random);
  session.set(model.name, { ...(session.get(model.name) as object), [member.name]: value });
  const wire = field.converter.toWire({ [member.name]: value }, model.name);
  for (const [stored, inner] of Object.entries(wire as object)) truth.assignMember(field, stored, inner);
}

async function expectTruth(
  { version, deployment, fields }: Running,
  key: string,
  truth: RecordTruth,
): Promise<void> {
  const session = await deployment.read(key);
  for (const field of fields.all) {
    const seen = truth.seenBy(version, field);
    const value = session.get(field.name);
    const wire = value === undefined ? undefined : field.converter.toWire(value, field.name);
    const [got, wanted] = [wire, seen].map((one) =>
      one === undefined ? undefined : projected(field.kind, one),
    );
    // `expect` takes longer than all that comes before it.
    if (!isDeepStrictEqual(got, wanted))
      expect(got, `${field.name} in version ${version.place + 1}`).toEqual(wanted);
  }
}

function isSame(one: unknown, other: unknown): boolean {
  const text = (value: unknown): string =>
    JSON.stringify(value, (_name, part: unknown) => (typeof part === "bigint" ? `${part}n` : part));
  return text(one) === text(other);
}
