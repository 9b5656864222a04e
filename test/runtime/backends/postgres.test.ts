import { sharedServer } from "../../servers/shared-server.js";
import { serverSuite } from "./database-suite.js";

serverSuite({ dialect: "postgres", url: await sharedServer("postgres") });
