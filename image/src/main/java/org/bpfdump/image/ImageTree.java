// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.util.List;
import org.bpfdump.image.fuse.Server;
import org.bpfdump.image.fuse.Tree;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Target;

/**
 * An image's dumpers as files, in a directory for each target. A program or query that is written
 * to a new file there becomes a dumper when the file is closed; reading the file is a dump of its
 * own for each who opens it, and removing it ends it. Dumpers live as long as the tree.
 */
public final class ImageTree implements AutoCloseable {
  private final Tree tree;

  /** Makes dumpers of what is written to files. Called by several threads. */
  @FunctionalInterface
  public interface Maker {
    /**
     * Makes one.
     *
     * @param content what was written
     * @param options what goes with it: the value of the file's attribute {@code
     *     user.bpfdump.options}, each option a line
     * @param target whose directory the file is in
     * @throws org.bpfdump.error.BpfdumpException when it cannot be; the writer's close(2) fails
     *     then
     */
    Made make(byte[] content, List<String> options, Target target);
  }

  /**
   * A dumper, and what there is to say of it.
   *
   * @param dumper belongs to the tree from now on
   * @param facts {@code name=value}, the lines of the file's attribute {@code user.bpfdump}
   */
  public record Made(Dumper dumper, List<String> facts) {
    public Made {
      facts = List.copyOf(facts);
    }
  }

  /** A tree without dumpers. The kernel stays the caller's, and must stay open. */
  public ImageTree(ImageKernel kernel, Maker maker) {
    this.tree = new Tree(kernel.targets(), maker);
  }

  /** Answers requests until the file system is gone. */
  public void serve(FuseConnection connection) {
    new Server(tree, connection).run();
  }

  /** Closes every dumper. */
  @Override
  public void close() {
    tree.close();
  }
}
