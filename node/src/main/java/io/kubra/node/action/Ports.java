package io.kubra.node.action;

import io.kubra.model.IntOrString;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.ContainerPort;
import org.jspecify.annotations.Nullable;

/** Finds the port an action means. */
final class Ports {
  private Ports() {}

  /**
   * The number of a port given by number or by the name of one of the container's ports.
   *
   * @throws IllegalArgumentException if there is no such port
   */
  static int resolve(@Nullable IntOrString port, Container container) {
    int number =
        switch (port) {
          case null -> 0;
          case IntOrString.Int i -> i.value();
          case IntOrString.Text t -> named(t.value(), container);
        };
    if (number < 1 || number > 65535) {
      throw new IllegalArgumentException("invalid port number: " + number);
    }
    return number;
  }

  private static int named(String name, Container container) {
    for (ContainerPort port : container.ports()) {
      if (name.equals(port.name())) {
        return port.containerPort();
      }
    }
    try {
      return Integer.parseInt(name);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("couldn't find port: " + name, e);
    }
  }
}
