// SPDX-License-Identifier: Apache-2.0
/** Queries: a line of text becomes a program, and what the program writes becomes rows. */
@SuppressWarnings("module") // the command is built after this module
module org.bpfdump.query {
  requires transitive org.bpfdump.core;
  requires com.fasterxml.jackson.core;
  requires de.siegmar.fastcsv;

  exports org.bpfdump.query;
  exports org.bpfdump.query.check to
      org.bpfdump.cli;
  exports org.bpfdump.query.code to
      org.bpfdump.cli;
  exports org.bpfdump.query.plan to
      org.bpfdump.cli;
  exports org.bpfdump.query.render to
      org.bpfdump.cli;
  exports org.bpfdump.query.row to
      org.bpfdump.cli;
  exports org.bpfdump.query.syntax to
      org.bpfdump.cli;
}
