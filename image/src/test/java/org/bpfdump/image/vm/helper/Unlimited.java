// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.vm.Engine;
import org.bpfdump.image.vm.Machine;
import org.bpfdump.image.vm.Processor;
import org.bpfdump.image.vm.ProgramMemory;
import org.bpfdump.image.vm.SeqBuffer;

/** A machine whose helpers are called from outside of any run, for which there is no budget. */
record Unlimited(Processor processor) implements Machine {
  @Override
  public ProgramMemory own() {
    return processor.own();
  }

  @Override
  public VirtualMemory kernel() {
    return processor.kernel();
  }

  @Override
  public Snapshot snapshot() {
    return processor.snapshot();
  }

  @Override
  public HelperState helpers() {
    return processor.helpers();
  }

  @Override
  public SeqBuffer output() {
    return processor.output();
  }

  @Override
  public int read(long address, byte[] into, int offset, int length) {
    return processor.read(address, into, offset, length);
  }

  @Override
  public void write(long address, byte[] from, int offset, int length) {
    processor.write(address, from, offset, length);
  }

  @Override
  public long callback(long function, long r1, long r2, long r3, long r4, long r5) {
    return processor.callback(function, r1, r2, r3, r4, r5);
  }

  @Override
  public boolean tailCall(Engine.Prepared program) {
    return processor.tailCall(program);
  }

  @Override
  public RuntimeException end(long result) {
    return processor.end(result);
  }

  @Override
  public void charge(long instructions) {}
}
