package io.kubra.cli.runtime;

import org.jspecify.annotations.Nullable;

/**
 * An OCI runtime as containerd calls it.
 *
 * @param handler the name by which RuntimeClasses mean it
 * @param type containerd's name of the shim
 * @param binary the program that the shim runs; null for the shim's own choice
 * @param hostDevices whether privileged containers get the host's devices
 */
public record OciRuntime(
    String handler, String type, @Nullable String binary, boolean hostDevices) {
  private static final String TABLE =
      "[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.%s%s]\n";

  /** The runtime's tables in containerd's configuration, version 2. */
  public String configuration() {
    StringBuilder toml = new StringBuilder(TABLE.formatted(handler, ""));
    toml.append("  runtime_type = \"").append(type).append("\"\n");
    if (!hostDevices) {
      toml.append("  privileged_without_host_devices = true\n");
    }
    if (type.equals(OciRuntimes.RUNC_SHIM)) {
      toml.append(TABLE.formatted(handler, ".options"));
      if (binary != null) {
        toml.append("  BinaryName = \"").append(binary).append("\"\n");
      }
      toml.append("  SystemdCgroup = false\n");
    }
    return toml.toString();
  }
}
