import { sharedServer } from "../../servers/shared-server.js";
import { serverSuite } from "./server-suite.js";

serverSuite({ dialect: "mysql", url: await sharedServer("mysql") });
