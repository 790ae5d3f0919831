package io.kubra.node.container;

/**
 * A container cannot be configured as its pod wants; the state shows CreateContainerConfigError.
 */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message);
  }
}
