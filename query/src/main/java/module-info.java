// SPDX-License-Identifier: Apache-2.0
/** Queries: a line of text becomes a program, and what the program writes becomes rows. */
module org.bpfdump.query {
  requires transitive org.bpfdump.core;
  requires com.fasterxml.jackson.core;
  requires de.siegmar.fastcsv;

  exports org.bpfdump.query;
}
