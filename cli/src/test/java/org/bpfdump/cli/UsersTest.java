// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UsersTest {
  @Test
  void numbersOfUsersHaveNamesWhereTheMachineHasThem() {
    Users users = Users.parse("root:x:0:0::/:/bin/sh\nann:x:1000:\n#bad\nbad:x:y:z\nbob:x:1000:1:");
    assertThat(users.name(0)).isEqualTo("root");
    assertThat(users.name(1000)).isEqualTo("ann");
    assertThat(users.name(7)).isEqualTo("7");
  }
}
