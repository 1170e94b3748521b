// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.lang.foreign.MemorySegment;
import org.bpfdump.live.sys.Libc;
import org.bpfdump.live.sys.Syscalls;

/** The running kernel, of which a test changes what bpf(2) does. */
abstract class KernelDoor implements Syscalls {
  private final Libc kernel = new Libc();

  @Override
  public long bpf(int command, MemorySegment attributes, int size) {
    return kernel.bpf(command, attributes, size);
  }

  @Override
  public long read(int fd, MemorySegment into, long length) {
    return kernel.read(fd, into, length);
  }

  @Override
  public long close(int fd) {
    return kernel.close(fd);
  }

  @Override
  public long duplicate(int fd, int lowest) {
    return kernel.duplicate(fd, lowest);
  }

  @Override
  public long unlimitLockedMemory() {
    return kernel.unlimitLockedMemory();
  }

  @Override
  public long open(MemorySegment path) {
    return kernel.open(path);
  }

  @Override
  public long enterNetworkNamespace(int fd) {
    return kernel.enterNetworkNamespace(fd);
  }
}
