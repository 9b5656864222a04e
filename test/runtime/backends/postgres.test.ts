import { sharedServer } from "../../servers/shared-server.js";
import { serverSuite } from "./server-suite.js";

serverSuite({ dialect: "postgres", url: await sharedServer("postgres") });
