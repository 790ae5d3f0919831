package io.kubra.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.cli.CliException;
import io.kubra.cli.config.ClusterConfiguration;
import io.kubra.cli.config.Parts;
import io.kubra.store.etcd.EtcdConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerArgumentsTest {
  private static final ServerOptions OPTIONS =
      new ServerOptions(
          Path.of("/data"),
          "0.0.0.0",
          6443,
          "10.0.0.1",
          "10.96.0.0/16",
          "10.244.0.0/16",
          "cluster.local",
          "",
          "kubra_a",
          List.of("10.0.0.2", "10.0.0.3"),
          new EtcdConfig(
              List.of(URI.create("https://10.0.0.4:2379"), URI.create("https://10.0.0.5:2379")),
              Path.of("/ca.crt"),
              Path.of("/client.crt"),
              Path.of("/client.key")),
          ClusterConfiguration.DEFAULT.withParts(Parts.NONE));

  @TempDir Path folder;

  private List<String> arguments() {
    Path file = folder.resolve("configuration.json");
    OPTIONS.configuration().write(file);
    return ServerArguments.of(OPTIONS, file);
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    assertThat(ServerArguments.parse(arguments())).isEqualTo(OPTIONS);
  }

  @Test
  void unknownAndMissingOptionsAreRefused() {
    List<String> more = new ArrayList<>(arguments());
    more.add("--colour=red");
    assertThatThrownBy(() -> ServerArguments.parse(more))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("colour");
    assertThatThrownBy(() -> ServerArguments.parse(List.of("--data-dir=/data")))
        .isInstanceOf(CliException.class)
        .hasMessage("missing option --bind-address");
  }
}
