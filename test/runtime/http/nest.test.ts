import { testAdapterOnMemory } from "../../suites/adapter-backends.js";
import { isNightly } from "../../suites/faults/scale.js";
import { nestExpressAdapter, nestFastifyAdapter } from "../../suites/nest-adapters.js";

const rounds = isNightly ? 100 : 5;

testAdapterOnMemory(nestExpressAdapter, { rounds });
// The same again over Fastify: in every run only what differs there; see `nest-module.test.ts`.
if (isNightly) testAdapterOnMemory(nestFastifyAdapter, { rounds });
