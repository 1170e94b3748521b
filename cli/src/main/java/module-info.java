// SPDX-License-Identifier: Apache-2.0
/** The {@code bpfdump} command. */
module org.bpfdump.cli {
  requires com.fasterxml.jackson.core;
  requires org.apache.commons.cli;
  requires org.bpfdump.core;
  requires org.bpfdump.image;
  requires org.bpfdump.live;
  requires org.bpfdump.query;
}
