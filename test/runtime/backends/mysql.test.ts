import { sharedServer } from "../../servers/shared-server.js";
import { serverSuite } from "./database-suite.js";

serverSuite({ dialect: "mysql", url: await sharedServer("mysql") });
