// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.walk.Namespace;
import org.bpfdump.image.walk.net.NetworkNamespaces;
import org.bpfdump.image.walk.task.PidNamespaces;
import org.bpfdump.image.walk.task.TaskNamespaces;

/** The namespaces of an image, as users get them. */
final class FoundNamespaces {
  private FoundNamespaces() {}

  static List<ImageNamespace> of(Snapshot snapshot, ImageNamespace.Kind kind) {
    List<Namespace> found =
        switch (kind) {
          case NETWORK -> NetworkNamespaces.in(snapshot);
          case PID -> PidNamespaces.in(snapshot);
        };
    Root first =
        switch (kind) {
          case NETWORK -> Root.INIT_NET;
          case PID -> Root.INIT_PID_NS;
        };
    long initial = snapshot.find(first).orElse(0);
    List<ImageNamespace> namespaces = new ArrayList<>();
    for (Namespace namespace : found) {
      namespaces.add(
          new ImageNamespace(
              kind, namespace.inode(), namespace.address(), namespace.address() == initial));
    }
    return namespaces;
  }

  static Optional<ImageNamespace> find(Snapshot snapshot, ImageNamespace.Kind kind, long number) {
    List<ImageNamespace> all = of(snapshot, kind);
    for (ImageNamespace namespace : all) {
      if (namespace.inode() == number) {
        return Optional.of(namespace);
      }
    }
    if (number <= 0 || number > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    OptionalLong address =
        switch (kind) {
          case NETWORK -> TaskNamespaces.network(snapshot, (int) number);
          case PID -> TaskNamespaces.pids(snapshot, (int) number);
        };
    for (ImageNamespace namespace : all) {
      if (address.isPresent() && namespace.address() == address.getAsLong()) {
        return Optional.of(namespace);
      }
    }
    return Optional.empty();
  }
}
