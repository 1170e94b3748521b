// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

/** The least that a Java command can do; its start is the floor of every other's. */
final class Hello {
  private Hello() {}

  public static void main(String[] arguments) {
    System.out.println("hello");
  }
}
