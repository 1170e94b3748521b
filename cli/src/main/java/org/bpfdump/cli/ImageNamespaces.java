// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfdump.image.ImageDumper;
import org.bpfdump.image.ImageKernel;
import org.bpfdump.image.ImageNamespace;

/**
 * Namespaces of an image.
 *
 * @param kernel the image
 * @param chosen the namespaces to be in instead of the first of their kind
 * @param everyNetwork whether to dump in every network namespace
 */
record ImageNamespaces(ImageKernel kernel, List<ImageNamespace> chosen, boolean everyNetwork)
    implements Namespaces {
  @Override
  public Optional<String> walk(Pass pass) {
    if (!everyNetwork) {
      pass.at(null, opening(chosen));
      return Optional.empty();
    }
    for (ImageNamespace network : kernel.namespaces(ImageNamespace.Kind.NETWORK)) {
      List<ImageNamespace> here = new ArrayList<>(chosen);
      here.add(network);
      pass.at(Long.toUnsignedString(network.inode()), opening(here));
    }
    return Optional.empty();
  }

  private static Opening opening(List<ImageNamespace> namespaces) {
    ImageNamespace[] here = namespaces.toArray(new ImageNamespace[0]);
    return dumper -> ((ImageDumper) dumper).openIn(here);
  }

  @Override
  public void close() {
    // The image has them.
  }
}
